import type { Ground } from './backend.ts'
import type { LiveApp } from '../live-app.ts'

/** The label of everything that an adapter makes; its value is the adapter's name. */
export const LABEL = 'pilotlight.live'
/** Processes in a container at most, and MB of its /tmp. */
const MOST_PIDS = 128
const TMP_MB = 64
const MB = 1024 * 1024

/** What a container may do is as little as its contract allows. */
export function containerOptions(
  { image, command, env: own, memoryMb }: LiveApp,
  env: Readonly<Record<string, string>>,
  { port, callbackHost, folder }: Ground,
  label: string,
) {
  const bytes = Math.round(memoryMb * MB)
  return {
    Image: image!,
    ...(command.length === 0 ? {} : { Cmd: [...command] }),
    Env: Object.entries({ ...own, ...env }).map(([name, value]) => `${name}=${value}`),
    Labels: { [LABEL]: label },
    HostConfig: {
      Memory: bytes,
      MemorySwap: bytes,
      PidsLimit: MOST_PIDS,
      NetworkMode: port === undefined && callbackHost === undefined ? 'none' : 'bridge',
      Binds: folder === undefined ? [] : [`${folder.outside}:${folder.inside}`],
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      Tmpfs: { '/tmp': `size=${TMP_MB}m,mode=1777` },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '1' } },
    },
  }
}
