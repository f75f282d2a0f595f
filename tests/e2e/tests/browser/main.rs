//! The page as its readers meet it: the site in dist/, in a real browser. Each test is a scene with a page of its own.
//! Times are waited for as states, never measured.

mod address;
mod axe;
mod broken;
mod choices;
mod cluster;
mod depths;
mod diagram;
mod exports;
mod hands;
mod histories;
mod hosting;
mod keyboard;
mod loading;
mod messages;
mod motion;
mod partitions;
mod phone;
mod scenes;
mod settings;
mod time;
mod timers;
