//! Pure geometry: where things stand on the stage. Must not know the page nor any protocol.
