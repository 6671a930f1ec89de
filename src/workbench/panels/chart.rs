//! The chart of a query that ends in `render`.

use super::grouped;
use crate::workbench::chart::{Axis, Chart, Kind, Point, Series, Stacking};
use crate::workbench::theme::{self, Tokens, size};
use egui::{Color32, RichText, Ui};
use egui_plot::{
    Bar, BarChart, Corner, FilledArea, GridInput, GridMark, HoverPosition, Legend, Line, LineStyle,
    Plot, PlotPoint, PlotPoints, PlotUi, Points,
};

/// So much room a label of the first axis takes, in points.
const LABEL: f32 = 84.0;
/// Distances of the marks of a time axis, in seconds.
const STEPS: [f64; 20] = [
    1.0,
    5.0,
    15.0,
    30.0,
    60.0,
    300.0,
    900.0,
    1800.0,
    3600.0,
    7200.0,
    10_800.0,
    21_600.0,
    43_200.0,
    86_400.0,
    172_800.0,
    604_800.0,
    1_209_600.0,
    2_592_000.0,
    7_776_000.0,
    31_536_000.0,
];

/// Draws the chart in all the room there is.
pub fn show(ui: &mut Ui, chart: &Chart) {
    let tokens = theme::tokens(ui);
    super::padded(ui, |ui| {
        if !chart.title.is_empty() {
            ui.vertical_centered(|ui| {
                ui.label(theme::strong(&chart.title).color(tokens.text_strong));
            });
        }
        for note in &chart.notes {
            ui.label(RichText::new(note).color(tokens.text_subdued));
        }
        match &chart.axis {
            Axis::Categories(names) if chart.kind == Kind::Shares => {
                shares(ui, chart, names, tokens);
            }
            _ => plot(ui, chart, tokens),
        }
    });
}

fn plot(ui: &mut Ui, chart: &Chart, tokens: &'static Tokens) {
    let lying = chart.kind == Kind::Bar;
    let width = ui.available_width();
    let per_label = f64::from((width / LABEL).max(2.0));
    let names: &[String] = match &chart.axis {
        Axis::Categories(names) => names,
        _ => &[],
    };
    let label = |text: &str| {
        RichText::new(text)
            .size(size::SMALL)
            .color(tokens.text_subdued)
    };
    let (x_label, y_label) = match lying {
        true => (label(&chart.y_name), label(&chart.x_name)),
        false => (label(&chart.x_name), label(&chart.y_name)),
    };
    let room = ui.available_size();
    let rows = f64::from((room.y / size::ROW).max(2.0));
    let mut plot = Plot::new(("chart", chart.kind as u8, &chart.x_name, &chart.y_name))
        .width(room.x)
        .height(room.y.max(80.0))
        .show_background(false)
        .grid_color(tokens.text_faint.gamma_multiply(0.5))
        .x_axis_label(x_label)
        .y_axis_label(y_label)
        .set_margin_fraction(egui::vec2(0.03, 0.08))
        .allow_scroll(false)
        .invert_y(lying)
        .label_formatter(|position| hover(chart, position));
    plot = match (&chart.axis, lying) {
        (Axis::Categories(_), false) => plot
            .x_grid_spacer(move |input| category_marks(input, names.len(), per_label))
            .x_axis_formatter(move |mark, _| category(names, mark.value, 16)),
        (Axis::Categories(_), true) => plot
            .y_grid_spacer(move |input| category_marks(input, names.len(), rows))
            .y_axis_formatter(move |mark, _| category(names, mark.value, 28))
            .x_axis_formatter(|mark, _| amount(mark.value)),
        (Axis::Time, _) => plot
            .x_grid_spacer(move |input| time_marks(input, per_label))
            .x_axis_formatter(|mark, _| date(mark.value, mark.step_size)),
        (Axis::Number, _) => plot.x_axis_formatter(|mark, _| amount(mark.value)),
    };
    if !lying {
        plot = plot.y_axis_formatter(|mark, _| amount(mark.value));
    }
    // A lone series says something only where its name is a value of the rows.
    let told = chart.series.iter().any(|s| s.name != chart.y_name);
    if chart.legend && told {
        let legend = Legend::default()
            .position(if lying {
                Corner::RightBottom
            } else {
                Corner::RightTop
            })
            .follow_insertion_order(true)
            .background_alpha(0.85);
        plot = plot.legend(legend);
    }
    // Sizes are told from 0, unless the query says otherwise; only loose points may float.
    let zero = chart.kind != Kind::Scatter && chart.limits.0.is_none();
    let ends = [chart.limits.0, chart.limits.1, zero.then_some(0.0)];
    for end in ends.into_iter().flatten() {
        plot = match lying {
            true => plot.include_x(end),
            false => plot.include_y(end),
        };
    }
    if let (Some(low), Some(high)) = chart.limits
        && low < high
    {
        plot = match lying {
            true => plot.default_x_bounds(low, high),
            false => plot.default_y_bounds(low, high),
        };
    }
    let response = plot.show(ui, |ui| draw(ui, chart, tokens));
    response.response.widget_info(|| {
        let name = format!("Chart of {} by {}", chart.y_name, chart.x_name);
        egui::WidgetInfo::labeled(egui::Role::Image, true, name)
    });
}

fn draw(ui: &mut PlotUi<'_>, chart: &Chart, tokens: &Tokens) {
    let wide = bar_width(chart);
    for (index, series) in chart.series.iter().enumerate() {
        let color = tokens.series(index);
        match chart.kind {
            Kind::Line => line(ui, series, color, index),
            Kind::Area => area(ui, series, color, chart.stacking != Stacking::None),
            Kind::Scatter => {
                let points = PlotPoints::from_iter(series.points.iter().map(|p| [p.x, p.y]));
                ui.points(Points::new(&series.name, points).color(color).radius(2.5));
            }
            Kind::Column | Kind::Bar | Kind::Shares => {
                let count = chart.series.len();
                let bars = series.points.iter();
                let bars = bars.map(|p| bar(p, chart, index, count, wide).fill(color));
                let bars = BarChart::new(&series.name, bars.collect()).color(color);
                let formatter = hover_bar(chart, series, index, wide);
                let bars = bars.element_formatter(formatter);
                ui.bar_chart(match chart.kind {
                    Kind::Column => bars.vertical(),
                    _ => bars.horizontal(),
                });
            }
        }
    }
}

fn line(ui: &mut PlotUi<'_>, series: &Series, color: Color32, index: usize) {
    let points = || PlotPoints::from_iter(series.points.iter().map(|p| [p.x, p.y]));
    // The colours repeat: the lines then differ otherwise.
    let style = match index / 8 {
        0 => LineStyle::Solid,
        1 => LineStyle::dashed_loose(),
        _ => LineStyle::dotted_dense(),
    };
    let drawn = Line::new(&series.name, points());
    ui.line(drawn.color(color).width(1.8).style(style));
    // Few points are marked: a lone one would be no line at all.
    if series.points.len() <= 60 {
        let marks = Points::new(&series.name, points()).color(color).radius(2.5);
        ui.points(marks);
    }
}

fn area(ui: &mut PlotUi<'_>, series: &Series, color: Color32, stacked: bool) {
    let column = |of: fn(&Point) -> f64| series.points.iter().map(of).collect::<Vec<f64>>();
    let (xs, low, high) = (
        column(|p| p.x),
        column(|p| p.base),
        column(|p| p.base + p.y),
    );
    let strength = if stacked { 0.55 } else { 0.25 };
    let filled = FilledArea::new(&series.name, &xs, &low, &high);
    let filled = filled.fill_color(color.gamma_multiply(strength));
    ui.add(filled.allow_hover(false));
    let edge = series.points.iter().map(|p| [p.x, p.base + p.y]);
    let edge = Line::new(&series.name, PlotPoints::from_iter(edge));
    ui.line(edge.color(color).width(1.5));
}

/// The width that the bars of one place share.
fn bar_width(chart: &Chart) -> f64 {
    if matches!(chart.axis, Axis::Categories(_)) {
        return 0.8;
    }
    let points = chart.series.iter().flat_map(|s| &s.points);
    let mut places: Vec<f64> = points.map(|p| p.x).collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    let whole = match (places.first(), places.last()) {
        (Some(first), Some(last)) if last > first => last - first,
        _ => return 0.8,
    };
    let gaps = places.iter().zip(places.iter().skip(1)).map(|(a, b)| b - a);
    // Bars of times that were not binned would be too thin to be seen.
    gaps.fold(whole, f64::min).max(whole / 300.0) * 0.8
}

fn bar(point: &Point, chart: &Chart, index: usize, count: usize, wide: f64) -> Bar {
    let (width, at) = match chart.stacking {
        Stacking::None => {
            let width = wide / count.max(1) as f64;
            let from_middle = index as f64 - (count as f64 - 1.0) / 2.0;
            (width, point.x + from_middle * width)
        }
        _ => (wide, point.x),
    };
    Bar::new(at, point.y).base_offset(point.base).width(width)
}

type BarFormatter = Box<dyn Fn(&Bar, &BarChart) -> String>;

fn hover_bar(chart: &Chart, series: &Series, index: usize, wide: f64) -> BarFormatter {
    let count = chart.series.len();
    let known: Vec<(f64, String)> = series
        .points
        .iter()
        .map(|p| {
            let at = bar(p, chart, index, count, wide).argument;
            let x = place(chart, p.x);
            (at, format!("{}\n{x}\n{}", series.name, amount(p.y)))
        })
        .collect();
    Box::new(move |bar, _| {
        let found = known.iter().find(|(at, _)| *at == bar.argument);
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    })
}

fn hover(chart: &Chart, position: &HoverPosition<'_>) -> Option<String> {
    match position {
        HoverPosition::NearDataPoint {
            plot_name,
            position: PlotPoint { x, y },
            ..
        } => {
            // Of stacked series the own value is told, not the height.
            let series = chart.series.iter().find(|s| s.name == *plot_name);
            let own =
                series.and_then(|s| s.points.iter().find(|p| p.x == *x && p.base + p.y == *y));
            let y = own.map_or(*y, |p| p.y);
            Some(format!("{plot_name}\n{}\n{}", place(chart, *x), amount(y)))
        }
        HoverPosition::Elsewhere { .. } => None,
    }
}

/// A place of the first axis in words.
fn place(chart: &Chart, x: f64) -> String {
    match &chart.axis {
        Axis::Time => date(x, 0.0),
        Axis::Number => amount(x),
        Axis::Categories(names) => category(names, x, 60),
    }
}

fn category(names: &[String], at: f64, most: usize) -> String {
    if at < -0.25 || (at - at.round()).abs() > 0.25 {
        return String::new();
    }
    let Some(name) = names.get(at.round() as usize) else {
        return String::new();
    };
    match name.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.clone(),
    }
}

fn category_marks(input: GridInput, count: usize, room_for: f64) -> Vec<GridMark> {
    let (from, to) = input.bounds;
    let shown = (to - from).clamp(1.0, 1e6);
    let step = (shown / room_for).ceil().max(1.0);
    (0..count)
        .step_by(step as usize)
        .map(|at| GridMark {
            value: at as f64,
            // The labels have the room: they are not to be faded as a dense grid is.
            step_size: step,
        })
        .filter(|mark| (from..=to).contains(&mark.value))
        .collect()
}

fn time_marks(input: GridInput, room_for: f64) -> Vec<GridMark> {
    const MOST: usize = 200;
    let (from, to) = input.bounds;
    if !(from.is_finite() && to.is_finite() && to > from) {
        return Vec::new();
    }
    let wanted = (to - from) / room_for;
    let step = STEPS.into_iter().find(|step| *step >= wanted);
    // Decades and more: whole years.
    let step = step.unwrap_or_else(|| (wanted / 31_536_000.0).ceil() * 31_536_000.0);
    let first = (from / step).ceil();
    (0..MOST)
        .map(|n| (first + n as f64) * step)
        .take_while(|value| *value <= to)
        .map(|value| GridMark {
            value,
            step_size: step,
        })
        .collect()
}

/// A date as short as the step between marks allows; 0 for all of it.
fn date(seconds: f64, step: f64) -> String {
    const DAY: f64 = 86_400.0;
    let Some(at) = chrono::DateTime::from_timestamp(seconds.round() as i64, 0) else {
        return String::new();
    };
    let midnight = (seconds.round() as i64).rem_euclid(86_400) == 0;
    let format = match step {
        s if s <= 0.0 => "%Y-%m-%d %H:%M:%S",
        s if s < 60.0 => "%H:%M:%S",
        s if s < DAY && midnight => "%b %-d",
        s if s < DAY => "%H:%M",
        s if s < 20.0 * DAY => "%b %-d",
        s if s < 360.0 * DAY => "%b %Y",
        _ => "%Y",
    };
    at.format(format).to_string()
}

/// A number as people read it.
fn amount(value: f64) -> String {
    let size = value.abs();
    if size >= 1e15 || (size > 0.0 && size < 1e-4) {
        return format!("{value:.3e}");
    }
    // What a step of a tenth leaves behind in a double is no digit of the number.
    let rounded = (value * 1e4).round() / 1e4;
    let whole = grouped(rounded.abs().trunc() as usize);
    let sign = if rounded < 0.0 { "-" } else { "" };
    let rest = format!("{:.4}", rounded.abs().fract());
    let rest = rest.trim_start_matches('0').trim_end_matches('0');
    match rest {
        "." | "" => format!("{sign}{whole}"),
        rest => format!("{sign}{whole}{rest}"),
    }
}

/// Bars with their shares, the largest first.
fn shares(ui: &mut Ui, chart: &Chart, names: &[String], tokens: &Tokens) {
    let points = chart.series.first().map_or(&[][..], |s| &s.points);
    let all: f64 = points.iter().map(|p| p.y).sum();
    let most = points.iter().map(|p| p.y).fold(0.0, f64::max);
    let label = format!("{} by {}", chart.y_name, chart.x_name);
    ui.label(
        RichText::new(label)
            .size(size::SMALL)
            .color(tokens.text_subdued),
    );
    egui::ScrollArea::vertical()
        .id_salt("shares")
        .auto_shrink(false)
        .show(ui, |ui| {
            let width = ui.available_width();
            let (names_end, values) = (width * 0.34, 130.0);
            for (index, (name, point)) in names.iter().zip(points).enumerate() {
                let share = if all > 0.0 {
                    point.y * 100.0 / all
                } else {
                    0.0
                };
                let text = format!("{}  {share:.1} %", amount(point.y));
                let (row, response) =
                    ui.allocate_exact_size(egui::vec2(width, size::ROW), egui::Sense::hover());
                response.widget_info(|| {
                    let name = format!("{name}: {text}");
                    egui::WidgetInfo::labeled(egui::Role::Label, true, name)
                });
                let painter = ui.painter();
                let left = egui::Rect::from_x_y_ranges(
                    row.left()..=row.left() + names_end - 8.0,
                    row.y_range(),
                );
                painter.with_clip_rect(left.intersect(ui.clip_rect())).text(
                    left.left_center(),
                    egui::Align2::LEFT_CENTER,
                    name,
                    egui::FontId::proportional(size::BODY),
                    tokens.text,
                );
                let full = (width - names_end - values).max(10.0);
                let part = if most > 0.0 { point.y / most } else { 0.0 };
                let long = (full * part as f32).max(1.0);
                let bar = egui::Rect::from_min_size(
                    egui::pos2(row.left() + names_end, row.top() + 4.0),
                    egui::vec2(long, row.height() - 8.0),
                );
                painter.rect_filled(bar, 2, tokens.series(index));
                painter.text(
                    egui::pos2(bar.right() + 8.0, row.center().y),
                    egui::Align2::LEFT_CENTER,
                    &text,
                    egui::FontId::proportional(size::BODY),
                    tokens.text_subdued,
                );
                response.on_hover_text(format!("{name}\n{text}"));
            }
        });
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn numbers_and_dates_of_the_axes() {
        assert_eq!(amount(0.30000000000000004), "0.3");
        assert_eq!(amount(-1234.5), "-1,234.5");
        assert_eq!(amount(0.0), "0");
        assert_eq!(amount(1_000_000.0), "1,000,000");
        // 2026-06-08 00:00:00 UTC, from the day number 20612 since 1970.
        let at = 20_612.0 * 86_400.0;
        assert_eq!(date(at, 0.0), "2026-06-08 00:00:00");
        assert_eq!(date(at, 3600.0), "Jun 8");
        assert_eq!(date(at + 5400.0, 1800.0), "01:30");
    }

    #[test]
    fn marks_of_a_time_axis_lie_on_whole_steps() {
        let input = GridInput {
            bounds: (1000.0, 1000.0 + 86_400.0),
            base_step_size: 1.0,
        };
        let marks = time_marks(input, 8.0);
        assert!((4..=9).contains(&marks.len()), "{}", marks.len());
        assert!(marks.iter().all(|m| m.value % m.step_size == 0.0));
    }
}
