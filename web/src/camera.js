// The camera: opened, switched, and watched frame by frame.

const wished = { width: { ideal: 1280 }, height: { ideal: 720 } };

export class Camera {
  #video;
  #facing = "environment";
  #session = 0;

  constructor(video) {
    this.#video = video;
  }

  get isOpen() {
    return this.#video.srcObject !== null;
  }

  /** Asks for the camera, and calls back for each new frame until it is closed; a frame that finds the last one at work is left out. */
  async open(onFrame) {
    this.close();
    const session = ++this.#session;
    const stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { ...wished, facingMode: { ideal: this.#facing } } });
    if (session !== this.#session) {
      stream.getTracks().forEach((track) => track.stop()); // closed while the question stood open
      return;
    }
    this.#video.srcObject = stream;
    await this.#video.play();
    this.#video.classList.toggle("mirrored", stream.getVideoTracks()[0].getSettings().facingMode === "user");
    const next = () => ("requestVideoFrameCallback" in this.#video ? this.#video.requestVideoFrameCallback(frame) : requestAnimationFrame(frame));
    const frame = async () => {
      if (session === this.#session) {
        await onFrame();
        next();
      }
    };
    next();
  }

  /** The other camera of a phone. */
  switch(onFrame) {
    this.#facing = this.#facing === "environment" ? "user" : "environment";
    return this.open(onFrame);
  }

  close() {
    this.#session++;
    this.#video.srcObject?.getTracks().forEach((track) => track.stop());
    this.#video.srcObject = null;
  }
}
