"""What happens to a 责任书: drafted, issued, signed, a scan laid beside it, signed anew."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts import attachments, history
from accounts.enums import Role
from accounts.job_runs import Claim
from accounts.models import Attachment, Seat, User
from contracts.enums import ABOVE, LINE_OF, ContractState, Link, Side
from contracts.models import Contract, ContractChoice, Signature
from contracts.rights import DRAFTERS, NOT_A_PARTY, NOT_ISSUER, may_issue, seats_held
from contracts.rules import texts
from contracts.units import Pair, Post, holders, pairs, post_of
from contracts.wording import Wordings, choice_of
from regions.clock import local, now
from regions.models import Region
from regions.paths import county_of, inside
from regions.refusals import Refused
from regions.rules.classnames import school_year
from regions.rules.day_words import day_in_words

KIND = "contract"
TO_SIGN_ANEW = timedelta(days=14)
CHUNK = 100


def missing(county: Region, year: int, *, by: User, on: date) -> list[Pair]:
    """The pairs without a standing contract that `by` may draft."""
    choice = choice_of(county.path)
    rows = Contract.objects.standing().of_year(year).filter(inside("lower_path", county.path))
    standing = set(rows.values_list("link", "lower_path"))
    return [
        pair
        for pair in pairs(county, on, per_teacher=choice.per_teacher)
        if (pair.link, pair.lower_path) not in standing
        and may_issue(by, pair.link, pair.upper_path, on)
    ]


@transaction.atomic
def draft_year(county: Region, year: int, *, by: User, on: date) -> int:
    """Draft what `by` may draft and nobody has drafted yet; how many. What stands is left alone."""
    if not by.reach.holds(*DRAFTERS):
        raise Refused(NOT_ISSUER.format(link="这一级"))
    if year not in (school_year(on), school_year(on) + 1):
        raise Refused(f"只能起草 {texts.year_label(school_year(on))}和下一学年的责任书。")
    Region.objects.select_for_update().get(pk=county.pk)
    wordings, choice = Wordings(county.path, year, on), choice_of(county.path)
    drafts = [_draft(pair, year, wordings, choice) for pair in missing(county, year, by=by, on=on)]
    Contract.objects.bulk_create(drafts)
    for one in drafts:
        history.record("contracts.draft", KIND, one.uid, path=one.lower_path, by=by, on=on)
    _hang(county.path, year)
    return len(drafts)


def _draft(pair: Pair, year: int, wordings: Wordings, choice: ContractChoice) -> Contract:
    wording = wordings.of(pair.link)
    return Contract(
        year=year,
        link=pair.link,
        line=LINE_OF[pair.link].value,
        upper_path=pair.upper_path,
        upper_name=pair.upper_name,
        lower_path=pair.lower_path,
        lower_name=pair.lower_name,
        title=wording.title,
        targets=list(wording.targets),
        veto=choice.veto,
    )


def _hang(county_path: str, year: int) -> None:
    """Hang each standing contract under the one its upper side signed as lower; rebuilt whole."""
    rows = Contract.objects.standing().of_year(year).filter(inside("lower_path", county_path))
    columns = rows.values_list("pk", "link", "upper_path", "lower_path", "parent_id")
    by_place = {(link, lower): pk for pk, link, _, lower, _ in columns}
    moved: dict[int | None, list[int]] = {}
    for pk, link, upper, _, parent in columns:
        above = ABOVE.get(Link(link))
        wanted = by_place.get((above.value, upper)) if above else None
        if wanted != parent:
            moved.setdefault(wanted, []).append(pk)
    for wanted, keys in moved.items():
        Contract.objects.filter(pk__in=keys).update(parent_id=wanted)


def draft_text(contract: Contract, wordings: Wordings, choice: ContractChoice) -> str:
    """The text a draft would be issued with today."""
    return texts.compose(
        wordings.of(Link(contract.link)),
        year=contract.year,
        upper=contract.upper_name,
        lower=contract.lower_name,
        targets=contract.targets,
        veto_source=choice.source if choice.veto and contract.veto else "",
    )


@transaction.atomic
def issue(uids: Sequence[str], *, by: User, on: date, due_on: date) -> list[Contract]:
    """Hand drafts down to be signed by `due_on`; from here on their text no longer changes."""
    if not uids:
        raise Refused("没有要签发的责任书。")
    if due_on < on:
        raise Refused("应签截止不能早于签发日期。")
    reached = Contract.objects.visible_to(by).select_for_update(of=("self",))
    drafts = list(reached.filter(uid__in=uids))
    if len(drafts) != len(set(uids)):
        raise Refused("有的责任书不在你的管辖范围内，一份也没有签发。请刷新页面再试。")
    by_place: dict[tuple[str, int], tuple[Wordings, ContractChoice]] = {}
    for one in drafts:
        county = county_of(one.lower_path)
        if (county, one.year) not in by_place:
            by_place[county, one.year] = Wordings(county, one.year, on), choice_of(county)
        wordings, choice = by_place[county, one.year]
        _refuse_issue(one, choice, by, on)
        one.veto = one.veto and choice.veto
        one.text = draft_text(one, wordings, choice)
        one.state, one.version = ContractState.ISSUED, one.version + 1
        one.issued_on, one.issued_by, one.due_on = on, by, due_on
        history.record(
            "contracts.issue",
            KIND,
            one.uid,
            path=one.lower_path,
            by=by,
            on=on,
            after={"due_on": due_on.isoformat()},
        )
    Contract.objects.bulk_update(
        drafts, ["text", "state", "version", "issued_on", "issued_by", "due_on", "veto"]
    )
    return drafts


def _refuse_issue(contract: Contract, choice: ContractChoice, by: User, on: date) -> None:
    link = Link(contract.link)
    if not may_issue(by, link, contract.upper_path, on):
        raise Refused(NOT_ISSUER.format(link=Link(link).label))
    if contract.state != ContractState.DRAFT:
        raise Refused(f"{contract.lower_name}的责任书已经签发。请刷新页面再试。")
    if link is Link.SCHOOL_TEACHER and not choice.per_teacher:
        raise Refused("县里没有要求与班主任逐人签责任书，不用签发。")


@transaction.atomic
def sign(uid: str, *, by: User, on: date) -> Signature:
    """Sign for the side whose seat `by` holds that day; signed by both, the contract stands."""
    contract = _locked(uid, by)
    held = seats_held(by, Link(contract.link), contract.upper_path, contract.lower_path, on)
    if not held:
        raise Refused(NOT_A_PARTY)
    if contract.state != ContractState.ISSUED:
        raise Refused(_why_not_now(contract))
    standing = {Side(one.side): one for one in contract.signatures.all()}
    if any(one.user_id == by.pk for one in standing.values()):
        raise Refused("你已经签过这份责任书，甲乙双方不能由同一人签。")
    side = next((side for side in Side if side in held and side not in standing), None)
    if side is None:
        theirs = standing[next(iter(held))]
        when = f"{day_in_words(local(theirs.at).date(), on)} {local(theirs.at):%H:%M}"
        raise Refused(f"{Side(theirs.side).label}已由{theirs.name}在 {when} 签过。")
    signature = _write_signature(contract, side, held[side], by, on)
    _settle(contract, on)
    return signature


def _locked(uid: str, by: User) -> Contract:
    reached = Contract.objects.visible_to(by).select_for_update(of=("self",))
    return reached.get(uid=uid)


def _why_not_now(contract: Contract) -> str:
    return {
        ContractState.DRAFT: "这份责任书还没有签发，签发后再签。",
        ContractState.SIGNED: "双方都已签过，不用再签。",
        ContractState.SUPERSEDED: "岗位已经换人，这一份作废，请签新的一份。",
    }[ContractState(contract.state)]


def _write_signature(contract: Contract, side: Side, seat: Seat, by: User, on: date) -> Signature:
    unit = contract.upper_name if side is Side.UPPER else contract.lower_name
    signature = Signature.objects.create(
        contract=contract,
        side=side,
        user=by,
        name=by.name,
        post=f"{unit} {Role(seat.role).label}",
        seat_path=seat.path,
        on=on,
        at=now(),
    )
    history.record(
        "contracts.sign",
        KIND,
        contract.uid,
        path=contract.lower_path,
        by=by,
        on=on,
        after={"side": side},
    )
    return signature


def _settle(contract: Contract, on: date) -> None:
    """Signed by both sides? Decided under the contract's lock, from the rows that stand."""
    contract.version += 1
    if contract.signatures.count() == len(Side):
        contract.state, contract.signed_on = ContractState.SIGNED, on
    contract.save(update_fields=["state", "signed_on", "version"])


@transaction.atomic
def attach_scan(uid: str, *, file: UploadedFile, by: User, on: date) -> Attachment:
    """Lay the scan of the paper copy beside an issued contract; a party or its issuer does."""
    contract = _locked(uid, by)
    link = Link(contract.link)
    party = seats_held(by, link, contract.upper_path, contract.lower_path, on)
    if not party and not may_issue(by, link, contract.upper_path, on):
        raise Refused("扫描件由签署的一方或签发单位上传。")
    if contract.state not in (ContractState.ISSUED, ContractState.SIGNED):
        raise Refused("还没有签发或已经换人重签的责任书，不能上传扫描件。")
    scan = attachments.attach(file, kind=KIND, uid=uid, path=contract.lower_path, by=by)
    history.record(
        "contracts.scan", KIND, uid, path=contract.lower_path, by=by, on=on, after={"file": scan.pk}
    )
    return scan


def supersede_changed(on: date, region: Region, held: Claim | None = None) -> dict:
    """Where a signer no longer sits in the seat: close the contract and issue a fresh copy to sign.

    Only this school year's contracts, and only signatures that stood on `on`. Repeated, it finds
    nothing left to do, since a fresh copy has no signature.
    """
    rows = (
        Contract.objects.of_year(school_year(on))
        .filter(inside("lower_path", region.path), signatures__on__lte=on)
        .filter(state__in=(ContractState.ISSUED, ContractState.SIGNED))
        .distinct()
        .prefetch_related("signatures")
    )
    contracts = list(rows)
    seated = holders(contracts, on)
    changed = [one.pk for one in contracts if _gone(one, seated, on)]
    done = 0
    for start in range(0, len(changed), CHUNK):
        chunk = changed[start : start + CHUNK]
        with transaction.atomic():
            if held:
                held.guard(done=start, total=len(changed))
            done += _renew(chunk, seated, on)
    for county in sorted({county_of(one.lower_path) for one in contracts if one.pk in changed}):
        _hang(county, school_year(on))
    return {"checked": len(contracts), "superseded": done}


def _gone(contract: Contract, seated: dict[Post, list[Seat]], on: date) -> list[Signature]:
    """The signatures of `contract` whose signers sit there no longer."""
    return [
        one
        for one in contract.signatures.all()
        if one.on <= on
        and one.user_id
        not in {seat.user_id for seat in seated.get(post_of(contract, Side(one.side)), [])}
    ]


def _renew(keys: Iterable[int], seated: dict[Post, list[Seat]], on: date) -> int:
    """Close and copy, each under its lock, asked again of the rows as they stand now."""
    rows = Contract.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    count = 0
    for old in rows.exclude(state=ContractState.SUPERSEDED).prefetch_related("signatures"):
        gone = _gone(old, seated, on)
        if not gone:
            continue
        names = "、".join(f"{Side(one.side).label}{one.name}" for one in gone)
        old.state, old.version = ContractState.SUPERSEDED, old.version + 1
        old.save(update_fields=["state", "version"])
        fresh = _copy(old, on)
        history.record(
            "contracts.supersede",
            KIND,
            old.uid,
            path=old.lower_path,
            by=None,
            on=on,
            after={"replaced_by": fresh.uid},
            note=f"{names}已不在岗",
        )
        history.record(
            "contracts.renew",
            KIND,
            fresh.uid,
            path=fresh.lower_path,
            by=None,
            on=on,
            after={"replaces": old.uid},
            note=f"{names}已不在岗，双方重新签署",
        )
        count += 1
    return count


def _copy(old: Contract, on: date) -> Contract:
    """The same text once more, to be signed by whoever sits there now."""
    same = (
        "year",
        "link",
        "line",
        "upper_path",
        "upper_name",
        "lower_path",
        "lower_name",
        "parent_id",
        "title",
        "text",
        "targets",
        "veto",
        "issued_by_id",
    )
    return Contract.objects.create(
        **{name: getattr(old, name) for name in same},
        replaces=old,
        state=ContractState.ISSUED,
        issued_on=on,
        due_on=max(old.due_on or on, on + TO_SIGN_ANEW),
    )
