//! The page as its readers meet it: the site in dist/, in a real browser. Each test is a scene with a page of its own.
//! Times are waited for as states, never measured.

mod address;
mod axe;
mod broken;
mod challenge;
mod checker;
mod checker_hosts;
mod choices;
mod cluster;
mod compare;
mod depths;
mod diagram;
mod embedding;
mod exports;
mod gallery;
mod hands;
mod histories;
mod hosting;
mod keyboard;
mod lessons;
mod links;
mod loading;
mod menu;
mod messages;
mod motion;
mod offline;
mod partitions;
mod phone;
mod roles;
mod scenes;
mod settings;
mod sharing;
mod time;
mod timers;
