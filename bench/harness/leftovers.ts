/** What a measure made and has to be removed, last made first, however the measure ends. */
export class Leftovers {
  private readonly removals: { name: string; remove: () => Promise<unknown> }[] = [];

  /** Notes something that is being made; `remove` must bear with it not being there. */
  add(name: string, remove: () => Promise<unknown>): void {
    this.removals.push({ name, remove });
  }

  /** Removes everything. One that can't be removed keeps no other from it. @returns what is still there, and why */
  async removeAll(): Promise<string[]> {
    const problems: string[] = [];
    for (let next = this.removals.pop(); next; next = this.removals.pop()) {
      const { name, remove } = next;
      await remove().catch((error: Error) => problems.push(`${name}: ${error.message}`));
    }
    return problems;
  }
}
