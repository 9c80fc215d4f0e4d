//! `<!-- measured lab-latency table -->`: figures, with where and when they were
//! taken.

use super::{Context, alone, escape, unavailable};
use crate::{
    measurement::Measurement,
    measuring::{Figures, Report},
    outline::Directive,
    problem::Problem,
    words::words,
};
use std::path::Path;

/// What stands in the place of `directive`, whose words are `inner`.
pub(super) fn measured(
    file: &Path,
    text: &str,
    directive: &Directive<'_>,
    inner: &str,
    context: &Context<'_>,
) -> Result<String, Problem> {
    alone(file, text, directive, "measured")?;
    let problem = |what: String, remedy: String| Problem::new(file, directive.line, what, remedy);
    let measurement = Measurement::parse(inner, context.measuring)
        .map_err(|refusal| problem(refusal.why, refusal.remedy))?;
    let typed = format!("$ {}", measurement.for_readers());
    let unknown = problem(
        format!("`{measurement}` was not measured"),
        "please report this".to_owned(),
    );
    match context.measurements.get(&measurement.lab) {
        Some(Ok(Figures::Measured { report, views })) => {
            match views.get(&(measurement.view, context.language)) {
                Some(Ok(view)) => Ok(figure(&measurement, view, report, context)),
                Some(Err(reason)) => Ok(unavailable(reason, &typed, context)),
                None => Err(unknown),
            }
        }
        Some(Ok(Figures::Unavailable(reason))) => {
            let reason = reason.get(context.language.code());
            let reason = reason.map_or("", String::as_str);
            Ok(unavailable(reason, &typed, context))
        }
        Some(Err(why)) => Err(problem(
            format!("`{measurement}` has no figures that may be shown"),
            why.clone(),
        )),
        None => Err(unknown),
    }
}

fn figure(measurement: &Measurement, view: &str, report: &Report, context: &Context<'_>) -> String {
    let words = words(context.language);
    let machine = &report.machine;
    let count = machine.processors;
    let (one, many) = words.processors;
    let mut place = vec![
        machine.kernel.clone(),
        machine.architecture.clone(),
        machine.processor.clone(),
        format!("{count} {}", if count == 1 { one } else { many }),
    ];
    if machine.virtual_machine {
        place.push(words.virtual_machine.to_owned());
    }
    place.push(words.user(context.machine.root).to_owned());
    // Not every machine says what its processor is.
    place.retain(|part| !part.is_empty());
    let caption = words
        .figures
        .replace("{date}", &report.date(context.language))
        .replace("{place}", &escape(&place.join(", ")))
        .replace("{command}", &measurement.for_readers());
    // A table is Markdown, for which an empty line must end the HTML; a drawing is
    // HTML, which an empty line must not end.
    let gap = if measurement.view.is_drawing() {
        ""
    } else {
        "\n"
    };
    format!(
        "<figure class=\"live measured\">\n{gap}{view}\n{gap}<figcaption>{caption}</figcaption>\n</figure>\n"
    )
}
