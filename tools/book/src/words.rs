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
    pub root: &'static str,
    pub ordinary: &'static str,
    /// In place of a run that this machine cannot show.
    pub unavailable: &'static str,
    /// Where the other version of a section is newer.
    pub stale: &'static str,
}

/// The words of `language`.
#[must_use]
pub const fn words(language: Language) -> &'static Words {
    match language {
        Language::Vi => &Words {
            name: "Tiếng Việt",
            ran: "Chạy thật khi dựng trang này: {kernel}, {machine}, {user}.",
            measured: "Đo khi dựng trang này: {kernel}, {machine}, {user}. Con số của bạn sẽ khác.",
            root: "quyền root",
            ordinary: "người dùng thường",
            unavailable: "Máy dựng trang này không cho thấy được điều đó:",
            stale: "Bản tiếng Anh của mục này mới hơn.",
        },
        Language::En => &Words {
            name: "English",
            ran: "Really run when this page was built: {kernel}, {machine}, {user}.",
            measured: "Measured when this page was built: {kernel}, {machine}, {user}. Yours will differ.",
            root: "as root",
            ordinary: "as an ordinary user",
            unavailable: "The machine that built this page cannot show this:",
            stale: "The Vietnamese version of this section is newer.",
        },
    }
}
