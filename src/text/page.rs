//! What the page itself says: controls, panels, notices. Must not know any protocol.

crate::words! {
    PLAY: "Play", "播放";
}
