// The gate, in its worker: squares in, judgements out.

export class Gate {
  #worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  #waiting = new Map();
  #next = 0;

  /** Told the share of the model that has come, 0 to 1; 0 where it isn't known. */
  onload = () => {};

  /** Settles once the model can judge. */
  ready = new Promise((resolve, reject) => {
    this.#worker.onmessage = ({ data }) => {
      if (data.loaded !== undefined) {
        this.onload(data.loaded);
      } else if (data.ready) {
        resolve();
      } else if (data.failed) {
        reject(new Error(data.failed));
      } else {
        this.#waiting.get(data.id)(data);
        this.#waiting.delete(data.id);
      }
    };
    this.#worker.onerror = (event) => reject(new Error(event.message ?? "worker"));
  });

  /** Judges a square: {id, similarity, accepted, closerThan, doubt, milliseconds}; closerThan is undefined where the gate was made from few photos. Its bytes are gone afterwards. */
  judge({ edge, rgb }) {
    return this.#ask({ edge, rgb });
  }

  /** What each place of a square adds to its similarity, row by row: {evidence, similarity}. Squares are judged in between. Its bytes are gone afterwards. */
  explain({ edge, rgb }) {
    return this.#ask({ edge, rgb, explains: true });
  }

  #ask(what) {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#worker.postMessage({ id, ...what }, [what.rgb.buffer]);
    });
  }
}
