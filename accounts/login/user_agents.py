"""What a browser says it runs on, in the words of its owner."""

PLACES = [
    ("wxwork", "企业微信"),
    ("MicroMessenger", "微信"),
    ("DingTalk", "钉钉"),
]
DEVICES = [
    ("iPad", "苹果平板"),
    ("iPhone", "苹果手机"),
    ("OpenHarmony", "鸿蒙手机"),
    ("Android", "安卓手机"),
]
COMPUTER = "电脑"


def device_label(user_agent: str) -> str:
    """安卓手机 · 微信, 苹果手机, 电脑: the device, and the app whose browser it is."""
    device = next((label for sign, label in DEVICES if sign in user_agent), COMPUTER)
    place = next((label for sign, label in PLACES if sign in user_agent), "")
    return f"{device} · {place}" if place else device


def is_phone(user_agent: str) -> bool:
    return any(sign in user_agent for sign, _ in DEVICES)
