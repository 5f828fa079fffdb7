import type { ArrivalBlock } from '../../trace/arrivals/arrival-block.ts'
import { isClosed, PaperApp, PaperWorld } from './paper-app.ts'
import { goesByApp, type ReplayByApp } from './replay.ts'

/** The model `paper` app by app: nothing need be scheduled. Hot: measured by bench/paper.ts. */
export const paper: ReplayByApp = {
  id: 'paper',
  summary: 'The model paper in closed form between two arrivals.',
  order: 'app',
  suits: (parts) => goesByApp(parts) && isClosed(parts),
  open(parts) {
    const app = new PaperApp(new PaperWorld(parts))
    return {
      open: (row) => app.open(row),
      put: (block) => putBlock(app, block),
      close: () => app.close(),
    }
  },
}

/** The hot loop. */
function putBlock(app: PaperApp, { length, timeMs, fn, count }: ArrivalBlock): void {
  let row = 0
  while (row < length && !app.mayGoUnheard) {
    app.arrive(timeMs[row]!, fn[row]!, count[row]!)
    row += 1
  }
  if (row < length) app.arriveUnheard(timeMs, count, row, length)
}
