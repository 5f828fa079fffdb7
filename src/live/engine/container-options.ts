import type { Ground } from '../instance/backend.ts'
import type { LiveApp } from '../live-app.ts'

/** The label of everything that an adapter makes; its value is the adapter's name. */
export const ADAPTER_LABEL = 'pilotlight.live'
/** The label with the name of a container's app. */
const APP_LABEL = 'pilotlight.app'
/** Processes in a container at most, and MB of its /tmp. */
const MOST_PIDS = 128
const TMP_MB = 64
const MB = 1024 * 1024

/** Where a container is reached; absent where its contract needs no network. */
export interface ContainerPlace {
  readonly network: string
  readonly address: string
}

/** A container may do only what its contract needs. */
export function containerOptions(
  { name, image, command, entrypoint, env: own, memoryMb, cpus, user }: LiveApp,
  env: Readonly<Record<string, string>>,
  { folder }: Ground,
  label: string,
  place: ContainerPlace | undefined,
) {
  const bytes = Math.round(memoryMb * MB)
  return {
    Image: image!,
    ...(command.length === 0 ? {} : { Cmd: [...command] }),
    ...(entrypoint === undefined ? {} : { Entrypoint: [...entrypoint] }),
    ...(user === undefined ? {} : { User: user }),
    Env: Object.entries({ ...own, ...env }).map(([variable, value]) => `${variable}=${value}`),
    Labels: { [ADAPTER_LABEL]: label, [APP_LABEL]: name },
    HostConfig: {
      Memory: bytes,
      MemorySwap: bytes,
      ...(cpus === undefined ? {} : { NanoCpus: Math.round(cpus * 1e9) }),
      PidsLimit: MOST_PIDS,
      NetworkMode: place?.network ?? 'none',
      // Not `Binds`: with it, an engine that does not see the folder makes an empty one.
      Mounts:
        folder === undefined ? [] : [{ Type: 'bind', Source: folder.outside, Target: folder.inside, ReadOnly: false }],
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      Tmpfs: { '/tmp': `size=${TMP_MB}m,mode=1777` },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '1' } },
    },
    ...(place === undefined
      ? {}
      : { NetworkingConfig: { EndpointsConfig: { [place.network]: { IPAMConfig: { IPv4Address: place.address } } } } }),
  }
}
