//! The page as its readers meet it: the site in dist/, in a real browser. Each test is a scene with a page of its own.
//! Times are waited for as states, never measured.

mod address;
mod choices;
mod cluster;
mod hands;
mod hosting;
mod loading;
mod messages;
mod phone;
mod time;
