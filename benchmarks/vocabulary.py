"""Vocabulary of generated events: phrases as an office for labour and workplaces would print them.

None of them contains the words or the phrase that the benchmark searches for: only the core events do. No word becomes
`WORD` without its accents; but many become `TWIN` (bản, ban), which a search in plain letters must distinguish.
"""

WORD = "diêm"  # "diêm dân" are people who make salt
PHRASE = "nghề làm muối"
TWIN = "bán"
CORE_SUBJECT = "sinh kế của diêm dân"
CORE_TEXT = "Trọng tâm là nghề làm muối ở các xã ven biển: thu nhập, an toàn khi làm ngoài trời và hợp đồng mua bán."

OPENINGS = {
    "meeting": ("Họp tham vấn", "Phiên họp kỹ thuật", "Họp nhóm công tác", "Hội nghị tổng kết", "Toạ đàm"),
    "workshop": ("Hội thảo", "Hội thảo khởi động", "Hội thảo khu vực", "Hội thảo chia sẻ kinh nghiệm"),
    "training": ("Tập huấn", "Khoá đào tạo giảng viên", "Lớp bồi dưỡng", "Khoá học trực tuyến"),
    "survey": ("Khảo sát", "Khảo sát đầu kỳ", "Đánh giá giữa kỳ", "Nghiên cứu thực địa"),
    "publication": ("Công bố báo cáo", "Ra mắt sổ tay", "Giới thiệu bộ công cụ"),
    "campaign": ("Chiến dịch truyền thông", "Tháng hành động", "Cuộc thi sáng tác", "Triển lãm ảnh"),
}

# A subject with the topic it is filed under.
SUBJECTS = (
    ("an toàn, vệ sinh lao động", "an toàn lao động"),
    ("phòng ngừa và giảm thiểu lao động trẻ em", "lao động trẻ em"),
    ("thương lượng tập thể ở cấp ngành", "quan hệ lao động"),
    ("đối thoại tại nơi làm việc", "quan hệ lao động"),
    ("tiền lương tối thiểu và mức sống", "tiền lương"),
    ("bảo hiểm xã hội cho lao động phi chính thức", "an sinh xã hội"),
    ("bình đẳng giới tại nơi làm việc", "bình đẳng giới"),
    ("phòng, chống quấy rối tại nơi làm việc", "bình đẳng giới"),
    ("di cư lao động an toàn", "di cư"),
    ("tuyển dụng công bằng", "di cư"),
    ("trách nhiệm xã hội trong chuỗi cung ứng", "CSR"),
    ("việc làm cho thanh niên nông thôn", "việc làm"),
    ("khởi sự kinh doanh và phát triển hợp tác xã", "doanh nghiệp"),
    ("nâng cao năng suất ở doanh nghiệp nhỏ và vừa", "doanh nghiệp"),
    ("đào tạo nghề cho người khuyết tật", "đào tạo nghề"),
    ("chuẩn kỹ năng nghề và học tập suốt đời", "đào tạo nghề"),
    ("thanh tra lao động theo chiến dịch", "thanh tra"),
    ("xoá bỏ lao động cưỡng bức", "lao động cưỡng bức"),
    ("thống kê lực lượng lao động", "thống kê"),
    ("Bộ luật Lao động sửa đổi", "pháp luật lao động"),
    ('sáng kiến "Chung tay vì việc làm bền vững"', "việc làm"),
    ("chuyển dịch công bằng sang kinh tế xanh", "việc làm xanh"),
    ("HIV và AIDS tại nơi làm việc", "an toàn lao động"),
    ("giải quyết tranh chấp lao động", "quan hệ lao động"),
)
SECTORS = (
    "ngành dệt may", "ngành da giày", "ngành gỗ", "ngành thủy sản", "ngành xây dựng", "ngành điện tử", "ngành cà phê",
    "ngành du lịch", "ngành vận tải", "làng nghề thủ công", "khu công nghiệp", "nông nghiệp",
)  # fmt: skip
AUDIENCES = (
    "thanh tra viên", "cán bộ công đoàn cơ sở", "người sử dụng lao động", "giáo viên dạy nghề", "phóng viên báo chí",
    "cán bộ Sở Lao động", "hoà giải viên lao động", "chủ cơ sở sản xuất nhỏ", "lao động nữ", "sinh viên năm cuối",
    "cán bộ thống kê", "thành viên hợp tác xã", "người lao động đi làm việc ở nước ngoài", "doanh nghiệp chế biến",
)  # fmt: skip
PLACES = (
    "Hà Nội", "Thành phố Hồ Chí Minh", "Đà Nẵng", "Cần Thơ", "Hải Phòng", "Huế", "Quảng Ninh", "Nghệ An", "Đồng Nai",
    "Bình Dương", "An Giang", "Lào Cai", "Đắk Lắk", "Khánh Hòa", "Bắc Ninh", "Thái Nguyên", "Bến Tre", "Quảng Nam",
)  # fmt: skip
ORGANIZERS = ("ILO", "VGCL", "VCCI", "MOLISA", "VCA", "UNICEF", "UN Women", "IOM")
PROJECTS = ("ENHANCE", "RSCA", "NIRF", "SCORE", "Better Work", "TRIANGLE")

SENTENCES = (
    "Các đại biểu trao đổi về kết quả của năm trước và thống nhất kế hoạch hành động cho năm tới.",
    "Chương trình gồm phần trình bày, thảo luận nhóm và một buổi làm việc thực tế tại doanh nghiệp.",
    "Tài liệu được biên soạn bằng tiếng Việt, dễ hiểu, có hình minh hoạ và bài tập cho từng phần.",
    "Người tham gia được cấp giấy chứng nhận sau khi hoàn thành bài kiểm tra cuối khoá.",
    "Đại diện người lao động và người sử dụng lao động cùng nêu những khó khăn khi thực hiện quy định mới.",
    "Nhóm chuyên gia giới thiệu kinh nghiệm của các nước trong khu vực và khả năng áp dụng tại Việt Nam.",
    "Kết quả cho thấy nhiều cơ sở sản xuất nhỏ chưa có hợp đồng bằng văn bản với người làm thuê.",
    "Hoạt động nằm trong khuôn khổ hợp tác ba bên giữa Chính phủ, công đoàn và giới chủ.",
    "Ban tổ chức đề nghị các đơn vị gửi ý kiến góp ý bằng thư điện tử trước ngày khai mạc một tuần.",
    "Số liệu được thu thập qua phỏng vấn trực tiếp, phiếu hỏi và quan sát tại nơi làm việc.",
    "Các khuyến nghị tập trung vào đào tạo lại, hỗ trợ thu nhập và tư vấn việc làm cho nhóm dễ bị tổn thương.",
    "Trẻ em và cha mẹ được mời kể câu chuyện của mình qua tranh vẽ, kịch ngắn và phim tài liệu.",
    "Sự kiện có phiên dịch tiếng Anh và ngôn ngữ ký hiệu; hội trường thuận tiện cho người dùng xe lăn.",
    "Bộ công cụ giúp doanh nghiệp tự kiểm tra giờ làm thêm, tiền lương, bảo hộ và lối thoát hiểm.",
    "Thanh tra viên thực hành lập biên bản, phỏng vấn công nhân và theo dõi việc khắc phục vi phạm.",
    "Phần cuối dành cho hỏi đáp với báo chí; thông cáo được đăng trên trang của văn phòng trong ngày.",
)
