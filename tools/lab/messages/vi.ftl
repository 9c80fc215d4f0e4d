# Những gì `cargo lab` nói bằng tiếng Việt. Hai tập tin có cùng thông báo và cùng biến,
# có test kiểm tra. Tên errno, tên lời gọi và lệnh giữ nguyên.

error = lỗi:

## Trợ giúp

help-usage = Cách dùng:
help-commands = Lệnh
help-arguments = Đối số
help-options = Tùy chọn

about-lab = Những việc làm được với các lab của sách này.
usage-lab = cargo lab [TÙY CHỌN] <LỆNH>
after-lab = `cargo lab LỆNH --help` nói kỹ hơn về từng lệnh.
about-compare = Đặt kết quả đo của hai máy cạnh nhau.
usage-compare = cargo lab compare [TÙY CHỌN] <A.json> <B.json>
after-compare =
    Hai tập tin là thứ lab-latency hoặc lab-throughput đã ghi với --json.

    Mã thoát: 0 so sánh được, 1 không được, 2 dùng sai.
about-errno = Cho biết errno nghĩa là gì, lời gọi nào trả về, lab nào cho thấy.
usage-errno = cargo lab errno [TÙY CHỌN] [TỪ]...
after-errno =
    Ví dụ:
      cargo lab errno EMFILE
      cargo lab errno 24
      cargo lab errno too many open files
      cargo lab errno quá nhiều tập tin đang mở
      cargo lab errno qua nhieu tap tin dang mo

    Câu trả lời lấy từ chính các lab. Lần đầu, và mỗi khi có lab thay đổi, lệnh này
    biên dịch và chạy chúng.

    Mã thoát, giống grep: 0 có lab cho thấy, 1 không lab nào, 2 dùng sai.
    Không biên dịch được các lab thì cũng là 1.

help-lang =
    vi hoặc en; bỏ trống thì theo LC_ALL, LC_MESSAGES
    hoặc LANG
help-color = Màu: auto (mặc định), always hoặc never
value-color = KHI NÀO
help-help = Hiện trợ giúp này
help-version = Hiện phiên bản
help-a = Kết quả đo thứ nhất; - là đầu vào chuẩn
help-b = Kết quả đo thứ hai
help-json = In ra JSON
help-word =
    Tên, số, câu thông báo bằng tiếng Việt hay tiếng Anh, hoặc một dòng
    lỗi có chứa nó; bỏ trống thì liệt kê mọi errno mà các lab cho thấy
value-word = TỪ
value-lang = NGÔN NGỮ
help-fresh = Chạy lại mọi lab, dù không có gì thay đổi

## Dùng sai

usage-unknown-command = Không có lệnh "{ $word }".
usage-no-command = Thiếu lệnh.
usage-unknown = "{ $word }" không dùng được ở đây.
usage-missing = Còn thiếu: { $arguments }
usage-no-value = { $option } cần một giá trị.
usage-invalid-value = { $option } không nhận "{ $value }".
usage-value-unwanted = { $option } không kèm giá trị ("{ $value }").
usage-twice = { $option } chỉ được viết một lần.
usage-not-utf8 = Trên dòng lệnh có từ không phải UTF-8 hợp lệ.
usage-other = Không hiểu dòng lệnh này.
usage-did-you-mean = Có phải bạn muốn { $value }?
usage-known-values = Có thể là: { $value }
usage-more = `cargo lab --help` liệt kê những gì dùng được.

## Trục trặc

trouble-output = Không ghi được kết quả ra: { $error }
project-none = Từ thư mục này trở lên không có book.toml nằm cạnh thư mục labs. Hãy chạy trong bản clone.
file-unreadable = Không đọc được { $file }: { $error }
programs-no-cargo = Không chạy được { $file }: { $error }
programs-not-built = Không biên dịch được các lab. Lý do nằm trong thông báo của cargo ở trên.

## errno

errno-building = Đang biên dịch các lab
errno-running = Đang chạy các lab
errno-mute = `{ $command }` không để lại bản ghi ({ $why }); phần dưới đây thiếu nó.
errno-not-kept = Không lưu được những gì các lab vừa cho thấy, nên lần sau sẽ phải chạy lại: { $file }: { $error }
errno-unknown = Linux không có errno nào mang tên, số hay câu thông báo "{ $word }".
errno-near = Có phải bạn muốn:
errno-also = còn gọi là { $names }
errno-unseen = Linux có errno này, nhưng không lab nào của sách cho thấy nó.
errno-no-call = một lời gọi không nêu tên
errno-passed = Gặp giữa đường, chương trình vẫn chạy tiếp
errno-hidden = Máy này không cho thấy được. { $reason }
errno-missed = Lab hứa như vậy, nhưng nhân của bạn vừa trả lời khác.
errno-instead = Đây là câu trả lời nhân của bạn vừa cho. Lab hứa: { $promise }.
errno-chapter = Chương: { $page }
errno-all = Những errno mà các lab của sách cho thấy, và lời gọi trả về chúng:
errno-several = Những errno có "{ $word }" trong câu thông báo:
errno-ask = `cargo lab errno TÊN` nói kỹ hơn về từng errno.
errno-hidden-here = Không cho thấy được trên máy này
promise-success = chạy xong êm đẹp
promise-errno = { $call } trả về { $errno }
promise-signal = nhân kết thúc nó bằng { $signal }
promise-timeout = hết giờ mà nó vẫn bị chặn

## compare

compare-same = Không thể so { $file } với chính nó. Hãy đưa tập tin của hai lần đo.
compare-labs = Hai tập tin đo hai thứ khác nhau: A là của { $a }, B là của { $b }. Hãy so hai tập tin của cùng một lab.
compare-large = { $file } quá lớn, không thể là kết quả đo.
compare-empty = { $file } rỗng.
compare-damaged = { $file } bị hỏng: { $why }
compare-foreign = { $file } không phải kết quả đo của lab-latency hay lab-throughput.
compare-newer = { $file } theo định dạng { $version }, chương trình này chỉ biết đến định dạng { $known }. Hãy cập nhật bản clone: git pull.
compare-cores =
    { $count ->
       *[other] { $count } bộ xử lý
    }
compare-virtual = máy ảo
compare-quick = đo nhanh
compare-raised = nâng giới hạn trong không gian tên riêng
compare-fair = Muốn so hai máy, hãy nhìn hai cột cuối. Bội số so với mức sàn của chính máy ấy cho biết cơ chế tốn bao nhiêu ở đó; riêng con số thời gian chỉ cho biết máy nhanh hay chậm.
compare-no-rows = Cả hai tập tin đều không có kết quả nào.
compare-lent = tại chỗ
compare-batch = mỗi lần { $count }
compare-size = cỡ
compare-size-rate = cỡ, nhịp
compare-floor = { $side } ×sàn
compare-failed = { $side }: { $mechanism }, { $sizes }: { $what }
compare-limit = *{ $side }: { $mechanism }, { $sizes }: đo khi đã nâng giới hạn. Với giới hạn sẵn có của máy: { $what }

floors = Mức sàn
floor-one-line = một cache line, đi và về
floor-two-lines = hai cache line, đi và về
floor-yield = nhường nhau trên một bộ xử lý
floor-system-call = lời gọi hệ thống rỗng
floor-memcpy = chép { $size }
floor-stream = trao bộ đệm { $size }

kind-round-trip = Đi và về
kind-says-round-trip = p50 của một lượt đi và về. B/A lớn hơn 1: B chậm hơn.
kind-stream = Gửi liên tục
kind-says-stream = Số thông điệp mỗi giây; bội số tính trên thời gian của một thông điệp. B/A lớn hơn 1: B nhanh hơn.
kind-open-loop = Gửi theo nhịp cố định
kind-says-open-loop = p99 một chiều, tính từ lúc thông điệp đến hạn. B/A lớn hơn 1: B chậm hơn.

mechanism-mailbox = bộ nhớ chia sẻ: hộp thư
mechanism-ring = bộ nhớ chia sẻ: bộ đệm vòng
mechanism-semaphore = bộ nhớ chia sẻ: semaphore
mechanism-mutex-condvar = bộ nhớ chia sẻ: mutex và biến điều kiện
mechanism-eventfd = bộ nhớ chia sẻ: bộ đệm vòng và eventfd
mechanism-posix-queue = hàng đợi POSIX
mechanism-sysv-queue = hàng đợi System V
mechanism-pipe = đường ống (pipe)
mechanism-unix-stream = Unix socket, stream
mechanism-unix-seqpacket = Unix socket, seqpacket

waiting-spin = hỏi liên tục
waiting-sleep = ngủ trong lúc chờ
waiting-spin-then-sleep = hỏi một lúc rồi mới ngủ

remark-one-core = Chỉ có một bộ xử lý nên không đo được gì trên hai.
remark-busy = Mức sàn dao động nhiều: có thứ khác giành mất bộ xử lý, hoặc máy bị dời đi.
remark-not-pinned = Không ghim được tiến trình vào bộ xử lý.
remark-slow-clock = Đồng hồ chậm, hoặc mỗi bộ xử lý một khác.
remark-not-raised = Không nâng được giới hạn trong không gian tên riêng.
remark-interrupted = Lần đo bị dừng giữa chừng.

failed-killed = bị { $signal } giết
failed-corrupt = sai dữ liệu
failed-corrupt-how = có thông điệp bị mất hoặc sai: { $what }
failed-timed-out = quá hạn
