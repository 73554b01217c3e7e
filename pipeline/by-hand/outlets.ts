import type { DeliveryReport } from "../kafka/report";
import type { Marks, Outlet } from "../delivery/outlet";
import type { PlacedMessage } from "../delivery/plan";

/** Shows what would be sent, and sends nothing. */
export class PrintOutlet implements Outlet {
  constructor(
    private readonly topic: string,
    private readonly print: (message: string | Buffer) => void,
  ) {}

  open(): Promise<number> {
    return Promise.resolve(1);
  }

  marks(): Marks {
    return { producerId: "-1", epoch: -1, marks: [] };
  }

  stored(): Promise<Map<number, number>> {
    return Promise.resolve(new Map<number, number>());
  }

  send(messages: readonly PlacedMessage[]): Promise<DeliveryReport[]> {
    for (const { value } of messages) this.print(value);
    const bytes = messages.reduce((sum, { value }) => sum + Buffer.byteLength(value), 0);
    const { topic } = this;
    return Promise.resolve([
      { topic, partition: 0, records: messages.length, bytes, latencyMs: 0 },
    ]);
  }

  abandon(): void {
    // There is nothing that could be on its way.
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Passes everything on to another outlet, and each report to `note` as well. */
export function noting(outlet: Outlet, note: (report: DeliveryReport) => void): Outlet {
  return {
    open: () => outlet.open(),
    marks: () => outlet.marks(),
    stored: (marks) => outlet.stored(marks),
    send: async (messages) => {
      const reports = await outlet.send(messages);
      reports.forEach(note);
      return reports;
    },
    abandon: () => outlet.abandon(),
    close: () => outlet.close(),
  };
}
