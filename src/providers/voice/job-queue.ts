/** The order in which sentences are synthesised: what somebody waits for first, what was guessed ahead after that. */

export type Job = { readonly id: number; readonly urgent: boolean };

export class JobQueue<T extends Job> {
  /** Maps keep the order in which jobs were added. */
  readonly #urgent = new Map<number, T>();
  readonly #speculative = new Map<number, T>();

  add(job: T): void {
    (job.urgent ? this.#urgent : this.#speculative).set(job.id, job);
  }

  /** Somebody now waits for this job; one that was taken already is left alone. */
  makeUrgent(id: number): void {
    const job = this.#speculative.get(id);
    if (!job) return;
    this.#speculative.delete(id);
    this.#urgent.set(id, job);
  }

  /** Removes and returns the next job. */
  take(): T | undefined {
    for (const jobs of [this.#urgent, this.#speculative]) {
      for (const [id, job] of jobs) {
        jobs.delete(id);
        return job;
      }
    }
    return undefined;
  }
}
