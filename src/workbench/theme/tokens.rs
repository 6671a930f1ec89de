//! The colours of the window, light and dark. Nothing else in the window names a colour.

use crate::diagnostic::Severity;
use egui::Color32;

/// All colours of one theme. `LIGHT` and `DARK` are the only two.
#[derive(Debug)]
pub struct Tokens {
    /// Whether this is the dark theme.
    pub dark: bool,

    /// Behind the panels: gaps, the empty canvas of the timeline.
    pub backdrop: Color32,
    /// Panels: explorer, problems, tests, tables.
    pub panel: Color32,
    /// Tab bars, table headers, text fields, floating panels.
    pub raised: Color32,
    /// The code editor.
    pub editor: Color32,
    /// Menus, tooltips, dialogs.
    pub popup: Color32,
    /// Fill under the pointer.
    pub hover: Color32,
    /// Fill while pressed, and of switches that are on.
    pub active: Color32,
    /// Buttons at rest.
    pub button: Color32,
    /// One-pixel lines between areas.
    pub separator: Color32,
    /// Shadow of popups.
    pub shadow: Color32,

    /// Headings, values that matter, the selected row.
    pub text_strong: Color32,
    /// Ordinary text.
    pub text: Color32,
    /// Labels, units, secondary columns.
    pub text_subdued: Color32,
    /// Line numbers, placeholders. Still 4.5:1 on panels and the editor.
    pub text_faint: Color32,

    /// The one accent: focus, links, the active tab, the main button.
    pub accent: Color32,
    /// Text on a fill of `accent`.
    pub on_accent: Color32,
    /// Fill of selected rows and selected text.
    pub selection: Color32,
    /// Text on `selection`.
    pub on_selection: Color32,

    /// Errors.
    pub error: Color32,
    /// Warnings, stale results.
    pub warning: Color32,
    /// Notes.
    pub information: Color32,
    /// Suggestions.
    pub hint: Color32,
    /// Passed cases, done work.
    pub success: Color32,
    /// Fill behind a row or banner that tells of an error.
    pub error_fill: Color32,
    /// Fill behind a row or banner that warns.
    pub warning_fill: Color32,
    /// Fill behind a row or banner that tells of success.
    pub success_fill: Color32,

    /// Lanes, entities, tables: told apart on both themes. Use modulo 8.
    pub series: [Color32; 8],

    /// Colours inside the editor.
    pub code: CodeColors,
}

/// Colours of code, on `Tokens::editor`.
#[derive(Debug)]
pub struct CodeColors {
    /// Names, and what has no colour of its own.
    pub text: Color32,
    /// Keys of YAML and JSON.
    pub key: Color32,
    /// Strings and plain scalars.
    pub string: Color32,
    /// Escapes inside strings.
    pub escape: Color32,
    /// Numbers, timespans, true, false, null.
    pub constant: Color32,
    /// `where`, `join`, `def`, `if`.
    pub keyword: Color32,
    /// `==`, `|`, `has_any`.
    pub operator: Color32,
    /// Functions that are called or defined.
    pub function: Color32,
    /// Types, classes.
    pub type_name: Color32,
    /// Names where they are defined: `let`, `x =`.
    pub definition: Color32,
    /// Comments.
    pub comment: Color32,
    /// Brackets, commas.
    pub punctuation: Color32,
    /// What the grammar knows to be wrong.
    pub invalid: Color32,
    /// Band of the line the cursor is in.
    pub current_line: Color32,
    /// The number of the line the cursor is in.
    pub current_number: Color32,
    /// Fill behind what the find bar found.
    pub found: Color32,
    /// Fill behind the one of them the cursor is at.
    pub found_here: Color32,
    /// Vertical lines at indentation steps.
    pub indent_guide: Color32,
}

impl Tokens {
    /// The colour of a severity: text, dots and squiggles.
    pub fn severity(&self, severity: Severity) -> Color32 {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Information => self.information,
            Severity::Hint => self.hint,
        }
    }

    /// The colour of the n-th lane or series.
    pub fn series(&self, index: usize) -> Color32 {
        self.series[index % self.series.len()]
    }
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// Mid-bright, so that each stands out from near-black and from near-white.
const SERIES: [Color32; 8] = [
    rgb(0x2f7ef0), // blue
    rgb(0xcc6a0a), // orange
    rgb(0x23905b), // green
    rgb(0x9b6ae6), // violet
    rgb(0xd14a92), // pink
    rgb(0x0f8a98), // teal
    rgb(0x957707), // mustard
    rgb(0xe0434a), // red
];

/// The dark theme.
pub static DARK: Tokens = Tokens {
    dark: true,
    backdrop: rgb(0x0e0f11),
    panel: rgb(0x17181b),
    raised: rgb(0x1f2125),
    editor: rgb(0x121316),
    popup: rgb(0x222429),
    hover: rgb(0x2b2d33),
    active: rgb(0x363940),
    button: rgb(0x26282d),
    separator: rgb(0x2a2c31),
    shadow: Color32::from_black_alpha(140),
    text_strong: rgb(0xf6f7f9),
    text: rgb(0xcfd2d8),
    text_subdued: rgb(0x9ba0aa),
    text_faint: rgb(0x888d97),
    accent: rgb(0x6aa5ff),
    on_accent: rgb(0x0b1424),
    selection: rgb(0x24406e),
    on_selection: rgb(0xf6f7f9),
    error: rgb(0xff7070),
    warning: rgb(0xf2a83c),
    information: rgb(0x6ab2ff),
    hint: rgb(0x9ba0aa),
    success: rgb(0x50c78f),
    error_fill: rgb(0x371d20),
    warning_fill: rgb(0x33281a),
    success_fill: rgb(0x182b22),
    series: SERIES,
    code: CodeColors {
        text: rgb(0xd2d5db),
        key: rgb(0x82b5fb),
        string: rgb(0xa3cc8f),
        escape: rgb(0xd9b27c),
        constant: rgb(0xe3a777),
        keyword: rgb(0xc9a0f2),
        operator: rgb(0xa9b0bd),
        function: rgb(0x6fcfd0),
        type_name: rgb(0xe0bd78),
        definition: rgb(0xf0d6a2),
        comment: rgb(0x868c97),
        punctuation: rgb(0x9ba0aa),
        invalid: rgb(0xff7070),
        current_line: rgb(0x1b1d21),
        current_number: rgb(0xcfd2d8),
        found: rgb(0x3f3415),
        found_here: rgb(0x6b5310),
        indent_guide: rgb(0x222429),
    },
};

/// The light theme.
pub static LIGHT: Tokens = Tokens {
    dark: false,
    backdrop: rgb(0xe9ebee),
    panel: rgb(0xf6f7f8),
    raised: rgb(0xfdfdfd),
    editor: rgb(0xffffff),
    popup: rgb(0xffffff),
    hover: rgb(0xe7e9ed),
    active: rgb(0xd9dce2),
    button: rgb(0xe9ebee),
    separator: rgb(0xdddfe4),
    shadow: Color32::from_black_alpha(36),
    text_strong: rgb(0x0f1216),
    text: rgb(0x2a2f37),
    text_subdued: rgb(0x59606b),
    text_faint: rgb(0x68707b),
    accent: rgb(0x1a5fd0),
    on_accent: rgb(0xffffff),
    selection: rgb(0xcbdffd),
    on_selection: rgb(0x0f1216),
    error: rgb(0xc2282d),
    warning: rgb(0x8f5600),
    information: rgb(0x1a5fd0),
    hint: rgb(0x59606b),
    success: rgb(0x14713f),
    error_fill: rgb(0xfce8e8),
    warning_fill: rgb(0xfdf1dc),
    success_fill: rgb(0xe3f5ea),
    series: SERIES,
    code: CodeColors {
        text: rgb(0x24292f),
        key: rgb(0x0b53b5),
        string: rgb(0x2c6e23),
        escape: rgb(0x8f5600),
        constant: rgb(0xa04600),
        keyword: rgb(0x7830b5),
        operator: rgb(0x565d68),
        function: rgb(0x0a6a71),
        type_name: rgb(0x855600),
        definition: rgb(0x6d4c06),
        comment: rgb(0x68707b),
        punctuation: rgb(0x59606b),
        invalid: rgb(0xc2282d),
        current_line: rgb(0xf3f5f8),
        current_number: rgb(0x2a2f37),
        found: rgb(0xfdeebd),
        found_here: rgb(0xfbd45c),
        indent_guide: rgb(0xe9ebee),
    },
};

#[cfg(test)]
mod tests;
