//! Request-response of slices: one service, one client, one server.

use super::{
    super::{Error, Follow, Lead},
    node::{Meeting, fault},
};
use crate::payload::{self, ANSWER};
use iceoryx2::{
    port::{client::Client, server::Server},
    prelude::*,
    service::port_factory::request_response::PortFactory,
};

type Service = ipc::Service;

pub struct Ask {
    client: Client<Service, [u64], (), [u64], ()>,
    words: usize,
}

pub struct Answer {
    server: Server<Service, [u64], (), [u64], ()>,
    words: usize,
}

/// Requests and responses of slices, without headers.
type Requests = PortFactory<Service, [u64], (), [u64], ()>;

fn service(meeting: &Meeting) -> Result<Requests, Error> {
    meeting
        .node::<Service>()?
        .service_builder(&meeting.both_ways()?)
        .request_response::<[u64], [u64]>()
        .max_clients(1)
        .max_servers(1)
        .max_nodes(2)
        .max_active_requests_per_client(1)
        .max_response_buffer_size(1)
        .open_or_create()
        .map_err(fault)
}

/// The side that asks.
///
/// # Errors
/// What iceoryx2 says.
pub fn ask(meeting: &Meeting) -> Result<Ask, Error> {
    let words = meeting.words();
    let service = service(meeting)?;
    let client = service.client_builder().initial_max_slice_len(words);
    Ok(Ask {
        client: client.create().map_err(fault)?,
        words,
    })
}

/// The side that answers.
///
/// # Errors
/// What iceoryx2 says.
pub fn answer(meeting: &Meeting) -> Result<Answer, Error> {
    let words = meeting.words();
    let service = service(meeting)?;
    let server = service.server_builder().initial_max_slice_len(words);
    Ok(Answer {
        server: server.create().map_err(fault)?,
        words,
    })
}

impl Lead for Ask {
    fn lead(&mut self, first: u64, count: u64) -> bool {
        let mut right = true;
        for sequence in first..first + count {
            let mut request = self
                .client
                .loan_slice_uninit(self.words)
                .expect("one at a time");
            payload::write(request.payload_mut(), sequence);
            // SAFETY: `write` has written every word.
            let request = unsafe { request.assume_init() };
            let pending = request.send().expect("its server lives");
            let response = loop {
                if let Some(response) = pending.receive().expect("its server lives") {
                    break response;
                }
            };
            right &= payload::is_right(response.payload(), sequence | ANSWER);
        }
        right
    }
}

impl Follow for Answer {
    fn follow(&mut self, first: u64, count: u64) -> bool {
        let mut right = true;
        for sequence in first..first + count {
            let request = loop {
                if let Some(request) = self.server.receive().expect("its client lives") {
                    break request;
                }
            };
            right &= payload::is_right(request.payload(), sequence);
            let mut response = request
                .loan_slice_uninit(self.words)
                .expect("one at a time");
            payload::write(response.payload_mut(), sequence | ANSWER);
            // SAFETY: `write` has written every word.
            unsafe { response.assume_init() }
                .send()
                .expect("its client lives");
        }
        right
    }
}
