"""The words of headings and messages, in Vietnamese and in English. A third language is one more table."""

from __future__ import annotations

LANGUAGES = ("vi", "en")

_WORDS: dict[str, dict[str, str]] = {
    "vi": {
        "title": "Sự kiện",
        "when": "Ngày",
        "start": "Bắt đầu",
        "end": "Kết thúc",
        "timezone": "Múi giờ",
        "rrule": "Lặp lại",
        "rdates": "Thêm vào",
        "exdates": "Trừ",
        "overrides": "Thay đổi",
        "location": "Địa điểm",
        "organizers": "Tổ chức",
        "projects": "Dự án",
        "topics": "Chủ đề",
        "kind": "Loại",
        "status": "Tình trạng",
        "participants": "Đại biểu",
        "language": "Ngôn ngữ",
        "url": "Liên kết",
        "uid": "UID",
        "source": "Nguồn",
        "created": "Tạo lúc",
        "updated": "Sửa lúc",
        "revision": "Lần sửa",
        "id": "Mã",
        "summary": "Tóm tắt",
        "description": "Mô tả",
        "translations": "Bản dịch",
        "undated": "Chưa định ngày",
        "events": "Sự kiện",
        "running": "đang diễn ra",
        "tentative": "dự kiến",
        "confirmed": "đã xác nhận",
        "cancelled": "đã hủy",
        "postponed": "đã hoãn",
        "nothing coming": "Không có sự kiện nào sắp tới.",
        "last event": "Gần đây nhất: {when} {title}",
        "nothing found": "Không tìm thấy sự kiện nào.",
        "no events": "Chưa có sự kiện nào.",
        "none match": "Không có sự kiện nào khớp.",
        "count one": "{n} sự kiện",
        "count many": "{n} sự kiện",
    },
    "en": {
        "title": "Event",
        "when": "Date",
        "start": "Start",
        "end": "End",
        "timezone": "Time zone",
        "rrule": "Repeats",
        "rdates": "Also on",
        "exdates": "Except on",
        "overrides": "Changed",
        "location": "Location",
        "organizers": "Organizers",
        "projects": "Projects",
        "topics": "Topics",
        "kind": "Kind",
        "status": "Status",
        "participants": "Participants",
        "language": "Language",
        "url": "Link",
        "uid": "UID",
        "source": "Source",
        "created": "Created",
        "updated": "Updated",
        "revision": "Revision",
        "id": "Id",
        "summary": "Summary",
        "description": "Description",
        "translations": "Translations",
        "undated": "To be announced",
        "events": "Events",
        "running": "running",
        "tentative": "tentative",
        "confirmed": "confirmed",
        "cancelled": "cancelled",
        "postponed": "postponed",
        "nothing coming": "Nothing is coming.",
        "last event": "The last event was: {when} {title}",
        "nothing found": "No event found.",
        "no events": "There are no events yet.",
        "none match": "No event matches.",
        "count one": "{n} event",
        "count many": "{n} events",
    },
}


def word(key: str, lang: str) -> str:
    """The word or sentence for `key`; a key without a translation stands for itself."""
    return _WORDS[lang].get(key, key)


def count(n: int, lang: str) -> str:
    """`21 events`."""
    return word("count one" if n == 1 else "count many", lang).format(n=n)
