"""Addresses of the work list, of a case and of its acts; `cases.urls` includes them."""

from django.urls import path

from cases.case_file import views as pages
from cases.ladder import views as acts
from cases.returns import views as back

case_urls = [
    path("cases/", pages.worklist_page, name="worklist"),
    path("cases/<str:uid>/", pages.case, name="case"),
    path("cases/<str:uid>/files/<int:file_id>/", pages.evidence_file, name="evidence_file"),
    path("cases/<str:uid>/criticise/", acts.criticise, name="criticise"),
    path("cases/<str:uid>/advance/", acts.advance, name="advance"),
    path("cases/<str:uid>/skip/", acts.skip, name="skip"),
    path("cases/<str:uid>/decide_skip/", acts.decide_skip, name="decide_skip"),
    path("cases/<str:uid>/court/", acts.court, name="court"),
    path("cases/<str:uid>/return/", back.record_return, name="record_return"),
    path("cases/<str:uid>/place/", back.place, name="place"),
    path("cases/<str:uid>/word/", back.word, name="word"),
    path("cases/<str:uid>/approve/", back.approve, name="approve"),
    path("cases/<str:uid>/send_back/", back.send_back, name="send_back"),
    path("cases/<str:uid>/exit/", back.leave_by_exit, name="exit"),
    path("cases/<str:uid>/reopen/", back.reopen, name="reopen"),
    path("cases/<str:uid>/assign/", acts.assign, name="assign"),
    path("cases/<str:uid>/hand_over/", acts.hand_over, name="hand_over"),
    path("cases/<str:uid>/refer/", acts.refer, name="refer"),
    path("cases/<str:uid>/end_referral/", acts.end_referral, name="end_referral"),
    path("cases/<str:uid>/mistake/", acts.mistake, name="mistake"),
    path("cases/<str:uid>/note/", acts.note, name="note"),
    path("cases/<str:uid>/report/", acts.report, name="report"),
    path("cases/<str:uid>/evidence/", acts.evidence, name="evidence"),
]
