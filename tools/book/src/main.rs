//! `cargo book`: a thin command line over the library.

use anyhow::{Context, Result};
use book::{
    inspect::{self, Options},
    labs, live,
    measuring::When,
    parity,
    project::Project,
    serve, site, snippet,
};
use clap::{Parser, Subcommand};
use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::Duration,
};

/// Builds, serves and checks the book in both languages.
#[derive(Parser)]
#[command(name = "cargo book", bin_name = "cargo book", version)]
struct Cli {
    /// How many seconds one command of a page may take.
    #[arg(long, global = true, default_value_t = 60.0, value_name = "SECONDS")]
    limit: f64,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds book/index.html, book/vi/ and book/en/.
    Build {
        /// Fail, too, where a lab cannot be shown on this machine; includes --fresh.
        #[arg(long)]
        strict: bool,
        /// Run every program, even where nothing has changed since an earlier build.
        #[arg(long)]
        fresh: bool,
        /// Measure again, even where figures of these labs on this machine are kept.
        #[arg(long)]
        measure: bool,
        /// The folder to write, instead of book/ in the project.
        #[arg(long, value_name = "FOLDER")]
        dest: Option<PathBuf>,
    },
    /// Builds, serves on 127.0.0.1, rebuilds at every change and reloads the page.
    Serve {
        /// The port to try first; the next free one is taken.
        #[arg(long, default_value_t = 3000)]
        port: u16,
        /// Measure again before the first page; a change measures nothing.
        #[arg(long)]
        measure: bool,
    },
    /// Runs every check of a build without writing the book.
    Check {
        /// Fail, too, where a lab cannot be shown on this machine; includes --fresh.
        #[arg(long)]
        strict: bool,
        /// Run every program, even where nothing has changed since an earlier build.
        #[arg(long)]
        fresh: bool,
    },
    /// Remembers that both versions of a section say the same now.
    Agree {
        /// Such as message-queues/emsgsize.md#causes, or a whole page; all that changed, without any.
        sections: Vec<String>,
    },
    /// Compiles and runs a snippet of a lab's README.md.
    Snippet {
        /// The lab's folder in labs/.
        lab: String,
        /// The snippet's id.
        id: String,
    },
    /// mdBook's own commands call this: a book as JSON in and out.
    #[command(hide = true)]
    Preprocess {
        #[command(subcommand)]
        supports: Option<Supports>,
    },
    /// mdbook-cmdrun calls this: runs one job.
    #[command(hide = true)]
    Live { job: PathBuf },
}

#[derive(Subcommand)]
enum Supports {
    /// Whether a renderer is supported; all are.
    Supports { renderer: String },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(status) => status,
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// A reader who has seen enough: `cargo book snippet … | head -1` is quiet.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let io = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<io::Error>());
    io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn run(cli: &Cli) -> Result<ExitCode> {
    let limit = Duration::try_from_secs_f64(cli.limit).context("--limit")?;
    let options = |strict, fresh| Options {
        strict,
        fresh: strict || fresh,
        measure: When::IfAbsent,
        limit,
        quiet: false,
    };
    match &cli.task {
        Task::Live { job } => live::main(job)?,
        Task::Build {
            strict,
            fresh,
            measure,
            dest,
        } => {
            let options = options(*strict, *fresh).measuring(*measure);
            let book = || Ok(Project::find()?.root.join("book"));
            let dest = dest.clone().map_or_else(book, anyhow::Ok)?;
            return build(options, Some(&dest));
        }
        Task::Check { strict, fresh } => return build(options(*strict, *fresh), None),
        Task::Serve { port, measure } => {
            let options = options(false, false).measuring(*measure);
            serve::serve(&Project::find()?, *port, options)?;
        }
        Task::Agree { sections } => {
            let root = Project::find()?.root;
            let mut memory = parity::Memory::load(&root)?;
            let changed = memory.agree(&parity::pairs(&root)?, sections)?;
            memory.save(&root)?;
            for section in changed {
                writeln!(io::stdout(), "{section}")?;
            }
        }
        Task::Snippet { lab, id } => {
            let project = Project::find()?;
            let built = labs::build(&project, &project.labs()?)?;
            let status = Command::new(snippet::compile(&project, &built, lab, id)?).status()?;
            return Ok(if status.success() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            });
        }
        Task::Preprocess { supports: Some(_) } => {}
        Task::Preprocess { supports: None } => {
            return preprocess(Options {
                quiet: true,
                ..options(false, false)
            });
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Everything of a build; without `dest` the result is thrown away.
fn build(options: Options, dest: Option<&Path>) -> Result<ExitCode> {
    let project = Project::find()?;
    let found = inspect::inspect(&project, options)?;
    found.tell();
    if !found.problems.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    options.say("Rendering both languages");
    let beside = match dest {
        Some(dest) => std::path::absolute(dest)?.parent().map(Path::to_path_buf),
        None => None,
    };
    let fresh = site::fresh_folder(&beside.unwrap_or(project.target()))?;
    let new = fresh.path().join("new");
    site::render(&project, &found, &new, None)?;
    if let Some(dest) = dest {
        site::replace(&new, dest)?;
        writeln!(io::stdout(), "{}", dest.join("index.html").display())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// One book of plain `mdbook build`, on stdin and stdout.
fn preprocess(options: Options) -> Result<ExitCode> {
    use mdbook_preprocessor::{Preprocessor as _, parse_input};
    let (context, book) = parse_input(io::stdin())?;
    let found = inspect::inspect(&Project::at(&context.root), options)?;
    found.tell();
    if !found.problems.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    let book = site::Pages::new(found.pages).run(&context, book)?;
    serde_json::to_writer(io::stdout(), &book)?;
    Ok(ExitCode::SUCCESS)
}
