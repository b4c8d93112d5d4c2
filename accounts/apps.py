from django.apps import AppConfig

from accounts.sentences import speak_plainly


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "账号与记录"

    def ready(self) -> None:
        speak_plainly()
