"""How much of a file is taken, and the sentences that say it was too much. Standard library only.

The bounds are such that reading a file of any kind stays under 300 MiB in each process: a grid
counts by its cells in all, and what stands in it by the memory it takes.
"""

MAX_BYTES = 30 * 2**20
MAX_JSON_BYTES = 2 * 2**20
MAX_ENTRIES = 5_000
MAX_CELLS = 2_000_000  # rows × columns of all sheets; 60,000 pupils × 33 columns
NARROWEST = 10  # a row costs as much as ten cells, however few it has
MAX_WEIGHT = 150 * 2**20  # memory of the values of all sheets, equal texts counted once
LONGEST_CELL = 1_000  # a longer text is cut there, and refused by the column that wants it
MOST_REJECTED = 20_000  # faults of a file; from there on it is refused whole
LONGEST_LINE = 4 * 2**20  # bytes of a CSV between two line breaks
CHILD_MEMORY = 300 * 2**20
CHILD_SECONDS = 10  # of a processor
CHILD_PATIENCE = 60  # seconds on the wall, of a machine with other work to do

SAVE_AS = "请用 Excel 或 WPS 打开后“另存为”.xlsx 再传。"
EMPTY = "文件是空的。请检查后重新选择文件。"
TOO_LARGE = f"文件超过 {MAX_BYTES // 2**20} MB。请删去图片，或按学校分开再传。"
TOO_BIG = f"表格太大：最多 {MAX_CELLS // 10_000} 万个单元格。请删去多余的行列，或按学校分开再传。"
DIED = f"表格太大，或者文件已损坏。{SAVE_AS}仍不行，请按学校分开再传。"
BROKEN = f"文件已损坏或没有传完整。{SAVE_AS}"
NOT_A_TABLE = f"只能传 .xlsx、.xls、.ods 或 .csv 文件。{SAVE_AS}"
DISGUISED = f"这是改了扩展名的网页或 XML 文件。{SAVE_AS}"
LOCKED = "文件设了打开密码。请用 Excel 或 WPS 取消密码后再传。"
MISMATCH = f"文件内容与扩展名 {{suffix}} 不符。{SAVE_AS}"
ENCODING = f"文字编码看不懂。{SAVE_AS}"
ENDLESS = "退回已超过 {most} 处，多半是选错了文件或列名。第一处在 {cell}：{message}"
NO_DATA = "文件里没有数据。请检查工作表是否为空或被隐藏。"
