//! The API's description of itself.

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::api::Problem;

/// What the description says beside the routes, which say the rest themselves.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "telephone",
        description = "Commands for other machines: a command is Lisp text, is filed in a queue and \
                       gets an id, by which one asks what became of it. Any request may be refused \
                       with 401 (without the token), 403 (from a page of another origin), 421 (by a \
                       name that is not the server's) and 429 (too many requests). Every error is \
                       a `Problem`.",
    ),
    components(schemas(Problem)),
    security((), ("token" = [])),
    modifiers(&Token),
)]
pub(super) struct Description;

struct Token;

impl Modify for Token {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(bearer));
    }
}
