import { type MappingPreset, recordsHave } from '../mapping-preset.ts'

/** A sequence holds no container of its own; the actions that it calls have activations of their own. */
const SEQUENCES = { is: ['sequence'], rows: 'sequences, whose actions are counted themselves' } as const

/** Apache OpenWhisk: an activation's duration holds the init time, which is there only where the start was cold. */
export const openwhiskActivations: MappingPreset = {
  id: 'openwhisk-activations',
  summary: 'Apache OpenWhisk: activation records, or the user events that it sends to Kafka.',
  source: 'wsk activation list --full, the activations database, or the topic "events"',
  looksFor: 'JSON with start, end, duration and annotations, or with a body of duration, waitTime and initTime',
  shapes: [
    {
      name: 'activations',
      fits: (look) => recordsHave(look, 'activationId', 'start', 'annotations'),
      mapping: (look) => ({
        read: look.as === 'jsonl' ? { as: 'jsonl' } : { as: 'json', rows: look.rowsAt },
        except: [{ from: 'annotations.kind', ...SEQUENCES }],
        app: { from: 'annotations.path', otherwise: '{namespace}/{name}' },
        start: { from: 'start', unit: 'ms' },
        duration: { from: 'duration', unit: 'ms', otherwise: 0 },
        wait: { from: 'annotations.waitTime', unit: 'ms' },
        coldStart: { from: 'annotations.initTime', unit: 'ms', within: 'duration' },
        memory: { from: 'annotations.limits.memory', unit: 'MB' },
        limits: [30, 200],
      }),
    },
    {
      name: 'user events',
      fits: (look) => recordsHave(look, 'eventType', 'body', 'timestamp'),
      mapping: (look) => ({
        read: look.as === 'jsonl' ? { as: 'jsonl' } : { as: 'json', rows: look.rowsAt },
        only: [{ from: 'eventType', is: ['Activation'], rows: 'events that are no activations' }],
        except: [{ from: 'body.kind', ...SEQUENCES }],
        app: 'body.name',
        end: { from: 'timestamp', unit: 'ms' },
        duration: { from: 'body.duration', unit: 'ms' },
        wait: { from: 'body.waitTime', unit: 'ms' },
        coldStart: { from: 'body.initTime', unit: 'ms', within: 'duration' },
        memory: { from: 'body.memory', unit: 'MB' },
      }),
    },
  ],
}
