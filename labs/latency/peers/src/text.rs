//! The words of the table, in both languages.

use crate::outcome::{Kind, Verdict};
use labkit::Language;

/// A text in Vietnamese and in English.
pub struct Both {
    vi: &'static str,
    en: &'static str,
}

impl Both {
    #[must_use]
    pub const fn of(&self, language: Language) -> &'static str {
        match language {
            Language::Vi => self.vi,
            Language::En => self.en,
        }
    }
}

pub const HOW: Both = Both {
    en: "Medians of the rounds in which the machine held still; quartiles in brackets.\n\
         There and back: our time divided by theirs. Stream: our rate divided by theirs.\n\
         Beside it both times as multiples of bouncing two cache lines, and what that took.",
    vi: "Mỗi con số là trung vị của những vòng mà máy giữ được nhịp; trong ngoặc là tứ phân vị.\n\
         Khứ hồi: thời gian của ta chia cho của bên kia. Một chiều: tốc độ của ta chia cho của bên kia.\n\
         Kế bên là hai thời gian ấy, lấy một lượt chuyền qua lại hai cache line làm đơn vị, rồi đến thời gian của một lượt như vậy.",
};

pub const ONE_PROCESSOR: Both = Both {
    en: "There is only one processor to run on, and two are needed: nothing was measured.",
    vi: "Chỉ có một nhân xử lý để chạy mà phép đo cần hai: chưa đo được gì.",
};

pub const NOT_OPTIMISED: Both = Both {
    en: "Built without --release: the figures mean nothing, so there is no verdict.",
    vi: "Chương trình dựng thiếu --release: các con số không có nghĩa, nên không có kết luận.",
};

pub const INTERRUPTED: Both = Both {
    en: "Interrupted. What was measured until then stands above.",
    vi: "Đã dừng giữa chừng. Những gì kịp đo nằm ở trên.",
};

pub const TOO_LONG: Both = Both {
    en: "It took too long and was ended. What was measured until then stands above.",
    vi: "Chạy quá lâu nên đã bị dừng. Những gì kịp đo nằm ở trên.",
};

pub const FAILED: Both = Both {
    en: "One side failed; it says why above.",
    vi: "Một bên bị lỗi; lý do nằm ở trên.",
};

pub const ROUNDS: Both = Both {
    en: "rounds",
    vi: "vòng",
};

#[must_use]
pub const fn kind(kind: Kind) -> Both {
    match kind {
        Kind::ThereAndBack => Both {
            en: "there and back",
            vi: "đi và về",
        },
        Kind::Stream => Both {
            en: "stream",
            vi: "một chiều",
        },
    }
}

#[must_use]
pub const fn verdict(verdict: Verdict) -> Both {
    match verdict {
        Verdict::Pass => Both {
            en: "PASS",
            vi: "ĐẠT",
        },
        Verdict::Fail => Both {
            en: "FAIL",
            vi: "KHÔNG ĐẠT",
        },
        Verdict::Inconclusive => Both {
            en: "INCONCLUSIVE",
            vi: "CHƯA KẾT LUẬN",
        },
        Verdict::Seen => Both { en: "-", vi: "-" },
    }
}
