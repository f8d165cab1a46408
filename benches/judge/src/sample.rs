//! What one client measured once.

use crate::bout::Runtime;

#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) calls: f64,
    pub(crate) seconds: f64,
    /// Seconds of CPU in the client, from its first call to its last.
    pub(crate) client_cpu: f64,
    /// Seconds of CPU in the server, meanwhile.
    pub(crate) server_cpu: f64,
    /// Octets of the stream for one call, both ways, where they were counted.
    pub(crate) octets: Option<f64>,
    /// KiB of the server for one connection, where there were many.
    pub(crate) kib: Option<f64>,
}

impl Sample {
    pub(crate) fn calls_per_second(&self) -> f64 {
        self.calls / self.seconds
    }

    pub(crate) fn microseconds_per_call(&self) -> f64 {
        1e6 * self.seconds / self.calls
    }

    /// Seconds of CPU for a million calls, of both sides.
    pub(crate) fn cpu_per_million(&self) -> f64 {
        1e6 * (self.client_cpu + self.server_cpu) / self.calls
    }
}

/// Every sample, as lines of tab-separated fields.
#[derive(Default)]
pub(crate) struct Samples(String);

impl Samples {
    pub(crate) fn add(
        &mut self,
        runtime: Runtime,
        settings: &str,
        contestant: &str,
        round: usize,
        sample: &Sample,
    ) {
        let Sample { calls, seconds, client_cpu, server_cpu, octets, kib } = sample;
        let optional = |figure: &Option<f64>| figure.map_or_else(String::new, |it| it.to_string());
        self.0 += &format!(
            "{runtime}\t{settings}\t{contestant}\t{round}\t{calls}\t{seconds}\t{client_cpu}\t\
             {server_cpu}\t{}\t{}\n",
            optional(octets),
            optional(kib)
        );
    }

    pub(crate) fn tsv(&self) -> String {
        let head = "runtime\tbout\tcontestant\tround\tcalls\tseconds\tclient_cpu_seconds\t\
                    server_cpu_seconds\toctets_per_call\tserver_kib_per_connection\n";
        format!("{head}{}", self.0)
    }
}
