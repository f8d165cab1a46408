//! How often an address may ask.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use axum::http::StatusCode;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use tokio::time::sleep;

use super::refusal::Refusal;
use super::{ServerError, ServerLimits};

pub(super) struct Rate {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
    rate: NonZeroU32,
}

impl Rate {
    pub(super) fn new(limits: &ServerLimits) -> Result<Self, ServerError> {
        let at_least_one =
            |limit, value| NonZeroU32::new(value).ok_or(ServerError::Limit { limit });
        let rate = at_least_one("rate", limits.rate)?;
        let burst = at_least_one("burst", limits.burst)?;
        let limiter = DefaultKeyedRateLimiter::keyed(Quota::per_second(rate).allow_burst(burst));
        Ok(Self { limiter, rate })
    }

    pub(super) fn check(&self, address: IpAddr) -> Result<(), Refusal> {
        let Err(not_until) = self.limiter.check_key(&household(address)) else {
            return Ok(());
        };
        let wait = not_until.wait_time_from(DefaultClock::default().now());
        let detail = format!(
            "more requests than `ServerLimits::rate` allows an address in a second, {}",
            self.rate
        );
        let refusal = Refusal::new(StatusCode::TOO_MANY_REQUESTS, "TOO-MANY-REQUESTS", detail);
        Err(refusal.retry_after(wait.as_secs() + 1))
    }

    /// Counts a request as soon as the address may make one.
    pub(super) async fn turn(&self, address: IpAddr) {
        self.limiter.until_key_ready(&household(address)).await;
    }

    /// Forgets those addresses that have rested: a stranger could make the table grow for ever.
    pub(super) async fn forget_the_rested_for_ever(&self) {
        loop {
            sleep(REST).await;
            self.limiter.retain_recent();
        }
    }
}

/// How often: an address costs a hundred octets, and a stranger has as many as it has connections.
const REST: Duration = Duration::from_secs(60);

/// The part of an address that one household has: in IPv6 it chooses the lower half freely.
fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_asks_too_often_is_told_when_to_ask_again() {
        let rate = Rate::new(&ServerLimits::default().rate(1).burst(2)).expect("it lets some in");
        let [one, other] = ["10.0.0.1", "10.0.0.2"].map(|text| text.parse().expect("an address"));
        assert!(rate.check(one).is_ok() && rate.check(one).is_ok());
        let refusal = rate.check(one).expect_err("the third is one too many");
        assert_eq!(refusal.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(rate.check(other).is_ok());
    }

    #[test]
    fn a_household_has_one_rate() {
        let same = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9"];
        let [one, other] = same.map(|text| household(text.parse().expect("an address")));
        assert_eq!(one, other);
        let mapped = household("::ffff:10.0.0.1".parse().expect("an address"));
        assert_eq!(mapped, household("10.0.0.1".parse().expect("an address")));
    }

    #[test]
    fn a_rate_of_nothing_is_refused() {
        let error = Rate::new(&ServerLimits::default().rate(0)).err().expect("nobody gets in");
        assert!(error.to_string().contains("ServerLimits::rate"), "{error}");
    }
}
