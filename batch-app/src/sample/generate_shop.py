"""Writes the warehouse of the sample shop: receipt lines, and the category of some of them.

    python generate_shop.py [FOLDER]

A receipt line is what a scanner makes of a till slip: Japanese or English, shortened, with a brand, a size, a price, a tax
mark and now and then a misread character. What the line sells is a head noun with qualifiers, and the head noun decides the
category, wherever it stands: chocolate milk is dairy and milk chocolate a snack, 牛乳石鹸 is soap, a soap dish is household.
Two qualifiers overrule the head: what is frozen is frozen (but not what was frozen before), and what is made for an animal is
for a pet (but not what merely shows one). The same words stand for different categories in another order, so neither a list
of keywords nor a bag of words can tell the lines apart.

Only the standard library and one seeded generator are used, so every run writes the same bytes.
"""

import csv
import datetime
import random
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

SEED = 20260101
LINES = 20_000
LABELLED_LINES = 4_000
FIRST_DAY = datetime.date(2026, 1, 1)
DAYS = 181
DEFAULT_FOLDER = Path(__file__).parents[1] / "main/resources/sample/local/warehouse/shop"

JAPANESE_SHARE = 0.45
HALF_WIDTH_SHARE = 0.3
QUALIFIED_SHARE = 0.75
TWICE_QUALIFIED_SHARE = 0.12
INVERTED_SHARE = 0.35
MISREAD_SHARE = 0.08

STORES = ["Minato Mart", "Kawabe Store", "Hoshi Foods", "Green Corner", "みなと市場", "川辺スーパー", "Daily Basket", "ひかり屋"]

# How often a line of each category is bought.
CATEGORIES = {
    "produce": 14,
    "dairy": 15,
    "snacks": 15,
    "drinks": 12,
    "bakery": 11,
    "household": 8,
    "frozen": 7,
    "meat": 6,
    "personal-care": 5,
    "seafood": 5,
    "stationery": 4,
    "pet": 4,
}

# Head nouns: English | how a till shortens it | Japanese.
HEADS = {
    "dairy": """
        milk        | mlk           | 牛乳 ミルク
        butter      | bttr btr      | バター
        cheese      | chs chse      | チーズ
        yogurt      | ygrt yog      | ヨーグルト
        cream       | crm           | クリーム
        pudding     | pddng         | プリン
        egg         | eggs          | 卵 玉子
    """,
    "bakery": """
        bread       | brd           | パン
        cake        | cke           | ケーキ
        toast       | tst           | トースト
        sandwich    | sndwch sand   | サンド
        pie         | pies          | パイ
        donut       | dnt           | ドーナツ
        bagel       | bgl           | ベーグル
        muffin      | mffn          | マフィン
    """,
    "produce": """
        apple       | appl apl      | りんご アップル
        banana      | bnna ban      | バナナ
        strawberry  | strwbry strw  | いちご イチゴ
        lemon       | lmn           | レモン
        orange      | orng          | オレンジ
        peach       | pch           | 桃 ピーチ
        grape       | grp           | ぶどう グレープ
        melon       | mln           | メロン
        tomato      | tmto tom      | トマト
        onion       | onin          | 玉ねぎ オニオン
        potato      | ptto          | じゃがいも ポテト
        corn        | crn           | とうもろこし コーン
        garlic      | grlc          | にんにく ガーリック
        pumpkin     | pmpkn         | かぼちゃ
        avocado     | avo           | アボカド
        salad       | sld           | サラダ
    """,
    "meat": """
        chicken     | chkn chk      | 鶏肉 チキン
        beef        | bf            | 牛肉 ビーフ
        pork        | prk           | 豚肉 ポーク
        ham         | hams          | ハム
        sausage     | ssg saus      | ソーセージ ウインナー
        bacon       | bcn           | ベーコン
        steak       | stk           | ステーキ
    """,
    "seafood": """
        salmon      | slmn          | 鮭 サーモン
        tuna        | tna           | まぐろ ツナ
        shrimp      | shrmp         | えび エビ
        crab        | crb           | かに カニ
        squid       | sqd           | いか イカ
        sardine     | srdn          | いわし
    """,
    "drinks": """
        juice       | jce           | ジュース
        tea         | teas          | お茶 ティー
        coffee      | cof cfe       | コーヒー
        cola        | cla           | コーラ
        soda        | sda           | ソーダ
        beer        | ber           | ビール
        cocoa       | cca           | ココア
        smoothie    | smthie        | スムージー
    """,
    "snacks": """
        chocolate   | choc chclt    | チョコ チョコレート
        cookie      | cky cook      | クッキー
        biscuit     | bsct bisc     | ビスケット
        cracker     | crckr         | クラッカー
        chips       | chps          | チップス
        candy       | cndy          | あめ キャンディ
        gum         | gums          | ガム
        jelly       | jlly          | ゼリー
        caramel     | crml          | キャラメル
        peanut      | pnut          | ピーナッツ
    """,
    "frozen": """
        ice cream   | ice crm       | アイス アイスクリーム
        pizza       | pzza          | ピザ
        gyoza       | gyza          | 餃子 ギョーザ
        fries       | frs           | フライドポテト
        croquette   | crqt          | コロッケ
        gratin      | grtn          | グラタン
    """,
    "household": """
        knife       | knf           | ナイフ 包丁
        mug         | mugs          | マグ マグカップ
        pan         | pans          | フライパン
        dish        | dsh           | 皿
        tray        | try           | トレイ
        towel       | twl           | タオル
        bag         | bg            | 袋 バッグ
        filter      | fltr          | フィルター
        sponge      | spng          | スポンジ
        dish soap   | dsh soap      | 食器用石鹸 食器用洗剤
        candle      | cndl          | キャンドル
    """,
    "personal-care": """
        soap        | sop           | 石鹸 ソープ
        shampoo     | shmp          | シャンプー
        toothpaste  | tthpst        | 歯磨き
        lotion      | ltn           | ローション
        lip balm    | lip blm       | リップ
        hand cream  | hnd crm       | ハンドクリーム
        body butter | bdy bttr      | ボディバター
        bath salt   | bth slt       | 入浴剤
    """,
    "stationery": """
        notebook    | ntbk          | ノート
        eraser      | ersr          | 消しゴム
        sticker     | stckr         | シール
        pencil      | pncl          | 鉛筆
        pen         | pens          | ペン
        paper       | ppr           | 紙
        card        | crd           | カード
    """,
    "pet": """
        cat food    | cat fd        | キャットフード
        dog food    | dog fd        | ドッグフード
        cat treat   | cat trt       | 猫おやつ
        dog treat   | dog trt       | 犬おやつ
        cat litter  | cat ltr       | 猫砂
    """,
}

# Which nouns qualify the heads of a category: a flavour, a filling, a scent, a purpose, a shape.
QUALIFIERS = {
    "dairy": "chocolate strawberry coffee banana caramel garlic salmon cookie peanut pizza cake toast sandwich salad lemon "
    "peach apple tea cocoa melon biscuit soda pumpkin shrimp bacon ice_cream",
    "bakery": "cheese egg butter milk cream ham tuna chicken pork shrimp garlic apple banana strawberry melon lemon potato "
    "corn chocolate caramel coffee tea peanut pumpkin pizza cookie salad beef",
    "produce": "salad juice pie cake smoothie tea jelly sandwich candy soda toast butter cream chicken crab shrimp tuna ham "
    "egg cheese steak gratin pizza fries chips",
    "meat": "salad sandwich pizza garlic lemon butter cheese onion egg cream pie tomato potato apple orange beer toast "
    "cola juice gratin gyoza",
    "seafood": "salad butter garlic cream lemon steak sandwich egg gratin pizza avocado onion cheese tomato tea toast",
    "drinks": "apple orange grape peach tomato lemon melon milk strawberry banana chocolate caramel cream cheese butter "
    "avocado cookie candy jelly ice_cream corn yogurt gum",
    "snacks": "milk butter cheese cream egg yogurt strawberry banana lemon orange grape peach melon potato corn onion garlic "
    "shrimp crab squid salmon coffee tea cola soda beer chicken bacon pumpkin tomato pizza pudding cake",
    "frozen": "cheese milk butter cream yogurt chocolate cookie caramel strawberry melon shrimp crab tuna chicken pork beef "
    "garlic corn potato pumpkin salmon sausage bacon tea coffee",
    "household": "bread cake toast pie muffin steak salmon cheese butter egg milk coffee tea beer juice soap pizza salad "
    "sandwich tomato lemon apple orange pencil paper pen shampoo ice_cream potato cookie chocolate donut",
    "personal-care": "apple lemon orange peach strawberry grape milk butter egg yogurt tea coffee cocoa melon avocado paper "
    "tomato candy chocolate",
    "stationery": "banana strawberry bread cake donut pudding egg milk cola soda chocolate cookie ice_cream sardine coffee "
    "tomato candle soap salmon pizza mug towel bag",
    "pet": "salmon tuna chicken beef pork cheese milk pumpkin crab shrimp potato bacon sardine egg paper",
}

# How a qualifier is tied to its head: (English mark before the head, English preposition after it, Japanese marks).
FLAVOUR = ("FLV", "W/", ("味", "入り", "風味"))
PURPOSE = ("", "FOR", ("用", "向け"))
SCENT = ("SCENT", "W/", ("の香り", "配合"))
SHAPE = ("SHAPE", "W/", ("型", "柄"))
JOINTS = {"household": PURPOSE, "personal-care": SCENT, "stationery": SHAPE}
INGREDIENTS = {"dairy", "produce", "meat", "seafood"}
DISHES = set("salad sandwich pizza toast cake pie juice smoothie gratin steak tea fries chips gyoza".split())

FREEZABLE = ["dairy", "bakery", "produce", "meat", "seafood"]
FROZEN_SHARE = 0.5
FROZEN = (["FROZEN", "FRZN"], ["冷凍"])
THAWED_SHARE = 0.12
THAWED = (["PREV FROZEN", "THAWED FRZN"], ["解凍", "冷凍解凍"])

ANIMALS = [("DOG", "犬"), ("CAT", "猫"), ("RABBIT", "うさぎ"), ("BEAR", "くま")]
MADE_FOR_ANIMALS = "biscuit cookie milk cheese sausage shampoo soap toothpaste dish".split()
MADE_FOR_SHARE = 0.55
SHOWING_ANIMALS = "mug towel bag notebook eraser sticker pencil pen card cake bread donut".split()
SHOWING_SHARE = 0.25

# Makers and packs say little about the category by themselves: each stands for several.
BRANDS = {
    "produce": "SUNNYSIDE HOKUTO 日の出 はなまる",
    "dairy": "MORIKAWA OLDMILL HOKUTO 日の出",
    "snacks": "MORIKAWA KAZE はなまる TANAKA",
    "drinks": "KAZE SUNNYSIDE 森川 MORIKAWA",
    "bakery": "OLDMILL TANAKA はなまる SUNNYSIDE",
    "household": "BLUEBELL MK 白石 KAZE",
    "frozen": "HOKUTO TANAKA MORIKAWA MK",
    "meat": "TANAKA OLDMILL 日の出 白石",
    "personal-care": "BLUEBELL 森川 白石 KAZE",
    "seafood": "HOKUTO 森川 日の出 BLUEBELL",
    "stationery": "MK 白石 はなまる SUNNYSIDE",
    "pet": "OLDMILL BLUEBELL MK 森川",
}
PACKS = {
    "produce": "1KG 3個 1袋 EA",
    "dairy": "1L 200G 500ML 6P",
    "snacks": "100G 6P 1袋 12枚",
    "drinks": "1L 500ML 350ML 6P",
    "bakery": "6枚 3個 12枚 EA",
    "household": "EA 2PK 1本 10枚",
    "frozen": "400G 3個 1袋 200G",
    "meat": "100G 200G 400G 2PK",
    "personal-care": "350ML 500ML 詰替 2PK",
    "seafood": "100G 400G 1本 6枚",
    "stationery": "A5 1本 10枚 2PK",
    "pet": "1KG 200G 詰替 1袋",
}
ENGLISH_REMARKS = "ORG ORGANIC PREM LARGE LG SM MINI NEW SALE VALUE FAMILY LITE".split()
JAPANESE_REMARKS = "国産 特選 お徳用 大 小 ミニ 新 特売 有機 限定".split()
TAX_MARKS = "* T F ※ 軽 内 外8 外 TX 8%".split()
DEPARTMENTS = ["01 ", "#12 ", "0043 ", "*", "部門03 ", "A-7 "]
PRICES = [10 * tens + 8 for tens in (5, 7, 9, 10, 12, 14, 15, 17, 19, 21, 24, 25, 27, 29, 32, 34, 37, 39, 45, 49, 59, 69, 79, 99)]

# What a scanner takes a character for. Any other character that it misreads is lost.
MISREADINGS = dict(zip("O0oI1lSBZGロニカーソンシツタり", "0O01l15826口二力一ンソツシ夕リ", strict=True))


@dataclass(frozen=True)
class Noun:
    name: str
    category: str
    english: tuple[str, ...]
    japanese: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """What a line sells. ``state`` is FROZEN, THAWED or None; ``animal`` an entry of ANIMALS or None."""

    head: Noun
    qualifiers: tuple[Noun, ...]
    state: tuple | None = None
    animal: tuple | None = None

    @property
    def category(self) -> str:
        if self.state is FROZEN:
            return "frozen"
        if self.animal and self.head.name in MADE_FOR_ANIMALS:
            return "pet"
        return self.head.category


def read_heads() -> dict[str, Noun]:
    heads = {}
    for category, table in HEADS.items():
        for line in table.strip().splitlines():
            english, shortened, japanese = (column.strip() for column in line.split("|"))
            # A two-word name has one two-word abbreviation.
            abbreviations = [shortened] if " " in english else shortened.split()
            heads[english] = Noun(english, category, (english, english, *abbreviations), tuple(japanese.split()))
    return heads


def choose_item(rng: random.Random, heads: dict[str, Noun]) -> Item:
    category = rng.choices(list(CATEGORIES), list(CATEGORIES.values()))[0]
    if category == "frozen" and rng.random() < FROZEN_SHARE:
        head = choose_head(rng, heads, rng.choice(FREEZABLE))
        return Item(head, choose_qualifiers(rng, heads, head), state=FROZEN)
    if category == "pet" and rng.random() < MADE_FOR_SHARE:
        head = heads[rng.choice(MADE_FOR_ANIMALS)]
        return Item(head, choose_qualifiers(rng, heads, head), animal=rng.choice(ANIMALS[:2]))
    head = choose_head(rng, heads, category)
    shows_animal = head.name in SHOWING_ANIMALS and rng.random() < SHOWING_SHARE
    return Item(
        head,
        choose_qualifiers(rng, heads, head),
        state=THAWED if category in FREEZABLE and rng.random() < THAWED_SHARE else None,
        animal=rng.choice(ANIMALS) if shows_animal else None,
    )


def choose_head(rng: random.Random, heads: dict[str, Noun], category: str) -> Noun:
    return rng.choice([head for head in heads.values() if head.category == category])


def choose_qualifiers(rng: random.Random, heads: dict[str, Noun], head: Noun) -> tuple[Noun, ...]:
    if rng.random() >= QUALIFIED_SHARE:
        return ()
    count = 2 if rng.random() < TWICE_QUALIFIED_SHARE else 1
    names = rng.sample(QUALIFIERS[head.category].split(), count)
    return tuple(heads[name.replace("_", " ")] for name in names)


def joint(head: Noun, qualifier: Noun) -> tuple:
    if head.category in INGREDIENTS and qualifier.name in DISHES:
        return PURPOSE
    return JOINTS.get(head.category, FLAVOUR)


def english_name(rng: random.Random, item: Item) -> str:
    name = rng.choice(item.head.english)
    if item.animal:
        animal = item.animal[0]
        name = f"{name} FOR {animal}S" if item.category == "pet" and rng.random() < 0.3 else f"{animal} {name}"
    for qualifier in item.qualifiers:
        name = qualify_in_english(rng, name, rng.choice(qualifier.english), joint(item.head, qualifier))
    return with_state(rng, name, item.state and item.state[0], " ")


def qualify_in_english(rng: random.Random, name: str, qualifier: str, tie: tuple) -> str:
    mark, preposition, _ = tie
    if rng.random() >= INVERTED_SHARE:
        marked = f"{qualifier} {mark}" if mark and rng.random() < 0.25 else qualifier
        return f"{marked} {name}"
    if mark and rng.random() < 0.3:
        return f"{name} {qualifier} {mark}"
    return rng.choice([f"{name} {preposition} {qualifier}", f"{name}, {qualifier}"])


def japanese_name(rng: random.Random, item: Item) -> str:
    name = rng.choice(item.head.japanese)
    if item.animal:
        purpose = "用" if item.category == "pet" else "柄"
        name = f"{item.animal[1]}{purpose}{name}"
    for qualifier in item.qualifiers:
        name = qualify_in_japanese(rng, name, rng.choice(qualifier.japanese), joint(item.head, qualifier))
    name = with_state(rng, name, item.state and item.state[1], "")
    return half_width(name) if rng.random() < HALF_WIDTH_SHARE else name


def qualify_in_japanese(rng: random.Random, name: str, qualifier: str, tie: tuple) -> str:
    mark = rng.choice(tie[2])
    if rng.random() < INVERTED_SHARE:
        return rng.choice([f"{name} {qualifier}{mark}", f"{name}({qualifier}{mark})", f"{name}({qualifier})"])
    return rng.choice([f"{qualifier}{name}", f"{qualifier} {name}", f"{qualifier}・{name}", f"{qualifier}{mark}{name}"])


def with_state(rng: random.Random, name: str, words: list[str] | None, space: str) -> str:
    if not words:
        return name
    word = rng.choice(words)
    return f"{word}{space}{name}" if rng.random() < 0.7 else f"{name} {word}"


def half_width_kana() -> dict[int, str]:
    """Full-width katakana to the half-width characters of till printers; a voiced one becomes two."""
    table = {}
    for code in range(0xFF61, 0xFF9E):
        for sound_mark, half_mark in (("", ""), ("\u3099", "\uff9e"), ("\u309a", "\uff9f")):
            full = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", chr(code)) + sound_mark)
            if len(full) == 1:
                table[ord(full)] = chr(code) + half_mark
    return table


HALF_WIDTH_KANA = half_width_kana()


def half_width(text: str) -> str:
    return text.translate(HALF_WIDTH_KANA)


def receipt_text(rng: random.Random, item: Item) -> str:
    japanese = rng.random() < JAPANESE_SHARE
    name = japanese_name(rng, item) if japanese else in_some_case(rng, english_name(rng, item))
    remarks = JAPANESE_REMARKS if japanese else ENGLISH_REMARKS
    words = [
        sometimes(rng, 0.4, BRANDS[item.category].split()),
        sometimes(rng, 0.2, remarks),
        name,
        sometimes(rng, 0.5, PACKS[item.category].split()),
        price(rng),
        sometimes(rng, 0.4, TAX_MARKS),
    ]
    text = sometimes(rng, 0.2, DEPARTMENTS) + " ".join(word for word in words if word)
    return misread(rng, text) if rng.random() < MISREAD_SHARE else text


def sometimes(rng: random.Random, share: float, words: list[str]) -> str:
    return rng.choice(words) if rng.random() < share else ""


def in_some_case(rng: random.Random, text: str) -> str:
    return rng.choices([text.upper(), text.title(), text.lower()], [70, 15, 15])[0]


def price(rng: random.Random) -> str:
    yen = rng.choice(PRICES)
    quantity = rng.randrange(2, 6)
    return rng.choice(["", f"¥{yen}", f"{yen}円", f"{yen / 100:.2f}", f"{quantity} x {yen}", f"{quantity}コ X {yen}", f"@{yen}"])


def misread(rng: random.Random, text: str) -> str:
    """One character is lost, or taken for one that looks like it."""
    at = rng.randrange(len(text))
    return text[:at] + MISREADINGS.get(text[at], "") + text[at + 1 :]


def write_csv(path: Path, header: list[str], rows: list[tuple]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(SEED)
    heads = read_heads()
    days = sorted(rng.randrange(DAYS) for _ in range(LINES))
    receipts, labels = [], []
    for number, day in enumerate(days, start=1):
        item = choose_item(rng, heads)
        line_id, text = f"L{number:06d}", receipt_text(rng, item)
        receipts.append((line_id, FIRST_DAY + datetime.timedelta(days=day), rng.choice(STORES), text))
        labels.append((line_id, text, item.category))
    write_csv(folder / "receipt_lines.csv", ["line_id", "purchased_on", "store", "text"], receipts)
    write_csv(folder / "labelled_lines.csv", ["line_id", "text", "category"], sorted(rng.sample(labels, LABELLED_LINES)))


if __name__ == "__main__":
    main()
