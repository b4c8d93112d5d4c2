"""The articles of law that acts rest on."""

from cases.enums.states import Step

PERSUASION_ARTICLE = "义务教育法 第13条"
CRITICISM_ARTICLE = "义务教育法 第58条"
PROMISE_ARTICLE = "监护人承诺"
COURT_ARTICLES = {
    Step.SUE: "未成年人保护法 第106条、第108条，民事诉讼法",
    Step.ENFORCE: "行政诉讼法 第97条，行政强制法 第53条至第58条",
}

VERIFY_ARTICLE = "系统设定"
REPORT_ARTICLE = "未成年人保护法 第28条"
