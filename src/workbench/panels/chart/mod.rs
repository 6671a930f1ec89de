//! The chart of a query that ends in `render`.

mod axes;
mod legend;
mod shares;

use crate::workbench::chart::{Axis, Chart, Kind, Point, Series, Stacking};
use crate::workbench::theme::{self, Tokens, size};
use axes::{amount, category, category_marks, date, place, time_marks};
use egui::{Color32, RichText, Ui};
use egui_plot::{
    Bar, BarChart, Corner, FilledArea, HoverPosition, Legend, Line, LineStyle, Plot, PlotPoint,
    PlotPoints, PlotUi, Points,
};

/// So much room a label of the first axis takes, in points.
const LABEL: f32 = 84.0;
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
                shares::show(ui, chart, names, tokens);
            }
            _ if legend::is_long(chart) => {
                legend::beside(ui, chart, tokens, |ui| plot(ui, chart, tokens))
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
    if legend::is_told(chart) && !legend::is_long(chart) {
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
