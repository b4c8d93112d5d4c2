"""档案编号: the number of a case's file."""

from accounts.number_series import body_sign


def file_number(county_path: str, year: int, serial: int) -> str:
    """档案编号: 澜屏控档〔2026〕31号."""
    return f"{body_sign(county_path)}控档〔{year}〕{serial}号"
