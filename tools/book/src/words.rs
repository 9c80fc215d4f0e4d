//! What the tool itself writes into pages, in the reader's language.

use crate::outline::Language;

/// One language's words.
pub struct Words {
    /// The language's own name for itself.
    pub name: &'static str,
    /// Below a live run: `{kernel}`, `{machine}` and `{user}` are filled in.
    pub ran: &'static str,
    /// The same for figures that vary.
    pub measured: &'static str,
    /// Below figures: `{date}`, `{place}` and `{command}` are filled in.
    pub figures: &'static str,
    /// One of them, and more.
    pub processors: (&'static str, &'static str),
    pub virtual_machine: &'static str,
    /// Before `ran` or `measured`, where the program was still waiting.
    pub timed_out: &'static str,
    pub root: &'static str,
    pub ordinary: &'static str,
    /// In place of a run that this machine cannot show.
    pub unavailable: &'static str,
    /// Why there are no figures: the lab did not end within `{seconds}`.
    pub too_slow: &'static str,
    /// Why there are no figures: they are measured when nobody waits for a page.
    pub not_now: &'static str,
    /// Where the other version of a section is newer.
    pub stale: &'static str,
    /// In the glossary, before a term of the other language.
    pub other_language: &'static str,
    /// In the glossary, before the names that others use.
    pub also_called: &'static str,
    /// In the glossary, before the title of a chapter.
    pub explained_in: &'static str,
}

impl Words {
    /// Who runs the labs.
    #[must_use]
    pub const fn user(&self, root: bool) -> &'static str {
        if root { self.root } else { self.ordinary }
    }
}

/// The words of `language`.
#[must_use]
pub const fn words(language: Language) -> &'static Words {
    match language {
        Language::Vi => &Words {
            name: "Tiếng Việt",
            ran: "Chạy thật trên máy dựng trang này: {kernel}, {machine}, {user}.",
            measured: "Đo trên máy dựng trang này: {kernel}, {machine}, {user}. Con số của bạn sẽ khác.",
            figures: "Đo ngày {date} trên máy dựng trang này: {place}. Con số của bạn sẽ khác; để tự đo: <code>{command}</code>",
            processors: ("bộ xử lý", "bộ xử lý"),
            virtual_machine: "máy ảo",
            timed_out: "Đến đây chương trình vẫn chờ, nên lab đã kết thúc nó. ",
            root: "quyền root",
            ordinary: "người dùng thường",
            unavailable: "Máy dựng trang này không cho thấy được điều đó:",
            too_slow: "sau {seconds} giây lab vẫn chưa đo xong.",
            not_now: "phiên bản này của lab chưa được đo; cargo book build sẽ đo.",
            stale: "Bản tiếng Anh của mục này mới hơn.",
            other_language: "tiếng Anh",
            also_called: "người ta cũng nói",
            explained_in: "Xem",
        },
        Language::En => &Words {
            name: "English",
            ran: "Really run on the machine that built this page: {kernel}, {machine}, {user}.",
            measured: "Measured on the machine that built this page: {kernel}, {machine}, {user}. Yours will differ.",
            figures: "Measured on {date} on the machine that built this page: {place}. Yours will differ; to measure yours: <code>{command}</code>",
            processors: ("processor", "processors"),
            virtual_machine: "a virtual machine",
            timed_out: "Here the program was still waiting, and the lab ended it. ",
            root: "as root",
            ordinary: "as an ordinary user",
            unavailable: "The machine that built this page cannot show this:",
            too_slow: "after {seconds} s the lab was still measuring.",
            not_now: "this version of the lab has not been measured; cargo book build does it.",
            stale: "The Vietnamese version of this section is newer.",
            other_language: "Vietnamese",
            also_called: "people also say",
            explained_in: "See",
        },
    }
}

/// `text` as HTML shows it.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
