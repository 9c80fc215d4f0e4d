//! `cargo book serve`: the book on a loopback address, rebuilt at every change.

use crate::{
    inspect::{self, Options},
    measuring::When,
    project::Project,
    site,
};
use anyhow::{Context, Result, bail};
use axum::{
    Router,
    extract::ws::{Message, WebSocket, WebSocketUpgrade},
    http::{HeaderValue, header::CACHE_CONTROL},
    routing::any,
};
use notify_debouncer_mini::{DebounceEventResult, new_debouncer, notify::RecursiveMode};
use std::{fs, net::Ipv4Addr, path::Path, sync::mpsc, time::Duration};
use tokio::{
    net::TcpListener,
    runtime::Runtime,
    signal::unix::{SignalKind, signal},
    sync::broadcast,
};
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

/// Where mdBook's own script listens for "reload".
const RELOAD: &str = "__livereload";
/// How many ports are tried from the wanted one on.
const PORTS: u16 = 100;

/// Serves until Ctrl-C or SIGTERM.
///
/// # Errors
/// Where the first build or every port fails.
pub fn serve(project: &Project, port: u16, options: Options) -> Result<()> {
    // The pages carry the reloading script, so they are not the book/ that
    // others may copy somewhere.
    let folder = project.target().join("book");
    fs::create_dir_all(&folder)?;
    let pages = folder.join("served");
    if !rebuild(project, &pages, options) && !pages.exists() {
        bail!("there is no book to serve yet; mend what is named above");
    }

    let runtime = Runtime::new()?;
    let entered = runtime.enter();
    // Before the address is told: whoever knows it may also end us.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let (reload, _) = broadcast::channel(1);
    let listener = runtime.block_on(listen(port))?;
    let port = listener.local_addr()?.port();
    let _watcher = watch(project.clone(), pages.clone(), options, reload.clone())?;
    println!("The book is at http://127.0.0.1:{port}/ (Ctrl-C ends)");

    let socket = any(move |upgrade: WebSocketUpgrade| async move {
        upgrade.on_upgrade(move |socket| tell(socket, reload.subscribe()))
    });
    let fresh =
        SetResponseHeaderLayer::overriding(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    let app = Router::new()
        .route(&format!("/{RELOAD}"), socket)
        .fallback_service(ServeDir::new(&pages))
        .layer(fresh);
    runtime.block_on(async {
        tokio::select! {
            result = async { axum::serve(listener, app).await } => result.context("serving"),
            _ = interrupt.recv() => Ok(()),
            _ = terminate.recv() => Ok(()),
        }
    })?;
    // Open pages keep their sockets, and a build may be under way; nobody waits
    // for those.
    drop(entered);
    runtime.shutdown_background();
    Ok(())
}

/// The wanted port of this machine alone, or the next that is free.
async fn listen(port: u16) -> Result<TcpListener> {
    let last = port.saturating_add(PORTS - 1);
    for candidate in port..=last {
        if let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, candidate)).await {
            return Ok(listener);
        }
    }
    bail!("no port from {port} to {last} is free on 127.0.0.1; try another with --port")
}

async fn tell(mut page: WebSocket, mut reload: broadcast::Receiver<()>) {
    loop {
        tokio::select! {
            news = reload.recv() => {
                // Having missed some news is news enough.
                let told = !matches!(news, Err(broadcast::error::RecvError::Closed))
                    && page.send(Message::text("reload")).await.is_ok();
                if !told {
                    return;
                }
            }
            word = page.recv() => {
                // A page that was closed or reloaded.
                if !matches!(word, Some(Ok(_))) {
                    return;
                }
            }
        }
    }
}

/// Rebuilds at every change of what the book is made of, in a thread of its own.
fn watch(
    project: Project,
    pages: std::path::PathBuf,
    options: Options,
    reload: broadcast::Sender<()>,
) -> Result<impl Sized> {
    let (changed, changes) = mpsc::channel();
    let mut watcher = new_debouncer(
        Duration::from_millis(200),
        move |events: DebounceEventResult| {
            if events.is_ok_and(|events| !events.is_empty()) {
                let _ = changed.send(());
            }
        },
    )?;
    for part in ["src", "labs", "theme", "book.toml"] {
        let path = project.root.join(part);
        let watched = watcher.watcher().watch(&path, RecursiveMode::Recursive);
        watched.with_context(|| format!("watching {}", path.display()))?;
    }
    // Who edits what measures saves often; the figures of the start will do.
    let options = Options {
        measure: When::Never,
        ..options
    };
    std::thread::spawn(move || {
        while changes.recv().is_ok() {
            // All that came meanwhile is in the same build.
            while changes.try_recv().is_ok() {}
            if rebuild(&project, &pages, options) {
                let _ = reload.send(());
            }
        }
    });
    Ok(watcher)
}

/// Builds into `pages`; where that fails, says why and leaves them as they were.
fn rebuild(project: &Project, pages: &Path, options: Options) -> bool {
    let build = || -> Result<bool> {
        let found = inspect::inspect(project, options)?;
        found.tell();
        if !found.problems.is_empty() {
            return Ok(false);
        }
        let folder = pages.parent().context("a folder for the pages")?;
        let fresh = site::fresh_folder(folder)?;
        let new = fresh.path().join("new");
        site::render(project, &found, &new, Some(RELOAD))?;
        site::replace(&new, pages)?;
        Ok(true)
    };
    match build() {
        Ok(done) => done,
        Err(error) => {
            eprintln!("error: {error:#}");
            false
        }
    }
}
