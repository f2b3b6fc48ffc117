// The parties' audio, by WebRTC. What the two browsers have to agree on goes through the simulated platform.

export class Voice {
  constructor(signal, changed) {
    this.signal = signal;
    this.changed = changed;
    this.problem = "";
    this.muted = false;
    this.sent = this.received = 0;
    this.waiting = [];
    this.playing = new Audio();
    this.playing.autoplay = true;
  }

  // Browsers give the microphone only to pages by https or from this machine itself.
  async open() {
    this.connection = new RTCPeerConnection();
    this.connection.onicecandidate = ({ candidate }) => candidate && this.signal({ candidate });
    this.connection.ontrack = ({ streams, track }) => {
      this.playing.srcObject = streams[0] ?? new MediaStream([track]);
      this.playing.play().catch(() => this.#fail("the browser plays no sound before you click"));
    };
    try {
      if (!navigator.mediaDevices) throw new Error("this page came by plain http from another machine, so the browser gives it no microphone: you only listen (see HTTPS=1)");
      this.microphone = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true } });
      for (const track of this.microphone.getTracks()) this.connection.addTrack(track, this.microphone);
    } catch (error) {
      this.#fail(error.name === "NotAllowedError" ? "the microphone is not allowed: you only listen" : error.message);
      this.connection.addTransceiver("audio", { direction: "recvonly" });
    }
    this.timer = setInterval(() => this.#measure(), 1000);
  }

  async offer() {
    await this.connection.setLocalDescription();
    this.signal({ description: this.connection.localDescription });
  }

  async take({ description, candidate }) {
    if (description) {
      await this.connection.setRemoteDescription(description);
      for (const early of this.waiting.splice(0)) await this.connection.addIceCandidate(early);
      if (description.type === "offer") {
        await this.connection.setLocalDescription();
        this.signal({ description: this.connection.localDescription });
      }
    } else if (this.connection.remoteDescription) {
      await this.connection.addIceCandidate(candidate);
    } else {
      this.waiting.push(candidate);
    }
  }

  mute(muted) {
    this.muted = muted;
    for (const track of this.microphone?.getTracks() ?? []) track.enabled = !muted;
    this.changed();
  }

  // Figures in the names of the SDK's getStatistics, for the rating.
  get statistics() {
    return { audioCodec: "opus", bytesSent: this.sent, bytesReceived: this.received, ...this.figures };
  }

  close() {
    clearInterval(this.timer);
    this.connection?.close();
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    this.playing.srcObject = null;
  }

  async #measure() {
    for (const report of (await this.connection.getStats()).values()) {
      if (report.type === "inbound-rtp") {
        this.received = report.bytesReceived;
        const all = report.packetsReceived + report.packetsLost;
        this.figures = { ...this.figures, averageJitterMs: Math.round(report.jitter * 1000), fractionLost: all ? report.packetsLost / all : 0 };
      } else if (report.type === "outbound-rtp") {
        this.sent = report.bytesSent;
      } else if (report.type === "candidate-pair" && report.nominated && report.currentRoundTripTime !== undefined) {
        this.figures = { ...this.figures, rttMs: Math.round(report.currentRoundTripTime * 1000) };
      }
    }
    this.changed();
  }

  #fail(problem) {
    this.problem = problem;
    this.changed();
  }
}
