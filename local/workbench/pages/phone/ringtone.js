// A ringing that is made on the spot: two tones, 0.4 s on, 1.6 s off. Without a click before, browsers keep it silent.

export class Ringtone {
  start() {
    this.stop();
    this.audio = new AudioContext();
    const volume = new GainNode(this.audio, { gain: 0 });
    volume.connect(this.audio.destination);
    for (const frequency of [440, 480]) {
      const tone = new OscillatorNode(this.audio, { frequency });
      tone.connect(volume);
      tone.start();
    }
    const burst = () => {
      const now = this.audio.currentTime;
      volume.gain.setTargetAtTime(0.06, now, 0.02);
      volume.gain.setTargetAtTime(0, now + 0.4, 0.02);
    };
    burst();
    this.timer = setInterval(burst, 2000);
  }

  stop() {
    clearInterval(this.timer);
    this.audio?.close();
    this.audio = undefined;
  }
}
