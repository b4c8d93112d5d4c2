"""Addresses of the work list, of a case and of its acts; `cases.urls` includes them."""

from django.urls import path

from cases.case_file import views as pages
from cases.contacts.note_views import evidence, note, report
from cases.intake.views import assign, end_referral, hand_over, mistake, refer
from cases.ladder import views as acts
from cases.returns import views as back
from cases.worklist.views import worklist_page

case_urls = [
    path("cases/", worklist_page, name="worklist"),
    path("cases/<str:uid>/", pages.case, name="case"),
    path("cases/<str:uid>/files/<int:file_id>/", pages.evidence_file, name="evidence_file"),
    path("cases/<str:uid>/criticise/", acts.criticise, name="criticise"),
    path("cases/<str:uid>/advance/", acts.advance, name="advance"),
    path("cases/<str:uid>/skip/", acts.skip, name="skip"),
    path("cases/<str:uid>/decide_skip/", acts.decide_skip, name="decide_skip"),
    path("cases/<str:uid>/court/", acts.court, name="court"),
    path("cases/<str:uid>/return/", back.record_return, name="record_return"),
    path("cases/<str:uid>/place/", back.place, name="place"),
    path("cases/<str:uid>/opinion/", back.opinion, name="opinion"),
    path("cases/<str:uid>/approve/", back.approve, name="approve"),
    path("cases/<str:uid>/send_back/", back.send_back, name="send_back"),
    path("cases/<str:uid>/exit/", back.leave_by_exit, name="exit"),
    path("cases/<str:uid>/reopen/", back.reopen, name="reopen"),
    path("cases/<str:uid>/assign/", assign, name="assign"),
    path("cases/<str:uid>/hand_over/", hand_over, name="hand_over"),
    path("cases/<str:uid>/refer/", refer, name="refer"),
    path("cases/<str:uid>/end_referral/", end_referral, name="end_referral"),
    path("cases/<str:uid>/mistake/", mistake, name="mistake"),
    path("cases/<str:uid>/note/", note, name="note"),
    path("cases/<str:uid>/report/", report, name="report"),
    path("cases/<str:uid>/evidence/", evidence, name="evidence"),
]
