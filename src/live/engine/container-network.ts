import { isIPv4 } from 'node:net'
import { Fault } from '../fault.ts'
import { ADAPTER_LABEL } from './container-options.ts'
import type { EngineApi, InspectedNetwork } from './engine-api.ts'

/** Containers of one network do not reach each other. */
const SEPARATE = { 'com.docker.network.bridge.enable_icc': 'false' }
/** How often another subnet is chosen where somebody else took it meanwhile. */
const TRIES = 5

/**
 * The network of an adapter's containers. The adapter gives each container its address. No address is given again before all
 * others were given. So the address of a container that is gone does not soon lead to another app.
 */
export class ContainerNetwork {
  readonly name: string
  /** This machine's own address on it, by which containers reach the adapter. */
  readonly gateway: string
  private readonly first: number
  private readonly count: number
  private readonly taken = new Set<number>()
  private next = 0

  private constructor(name: string, subnet: string, gateway: string) {
    this.name = name
    this.gateway = gateway
    const [base = '', bits = '32'] = subnet.split('/')
    // Not the first address, which is the network's own, and not the last one, which is for broadcasts.
    this.first = numberOf(base) + 1
    this.count = 2 ** (32 - Number(bits)) - 2
    this.taken.add(numberOf(gateway))
  }

  static async make(api: EngineApi, label: string): Promise<ContainerNetwork> {
    const name = `pilotlight-${label}`
    for (let tried = 1; ; tried += 1) {
      try {
        return await made(api, name, label, (subnet, gateway) => new ContainerNetwork(name, subnet, gateway))
      } catch (error) {
        if (tried === TRIES) throw error
      }
    }
  }

  /** An address that no container has now, and had none for as long as possible. */
  take(): string {
    for (let tried = 0; tried < this.count; tried += 1) {
      const address = this.first + this.next
      this.next = (this.next + 1) % this.count
      if (this.taken.has(address)) continue
      this.taken.add(address)
      return textOf(address)
    }
    throw new Fault('backend', `the network ${this.name} has no free address`)
  }

  give(address: string): void {
    this.taken.delete(numberOf(address))
  }
}

/** An engine gives containers chosen addresses only where the subnet was chosen too. So it is first asked for a free one. */
async function made<T>(
  api: EngineApi,
  name: string,
  label: string,
  make: (subnet: string, gateway: string) => T,
): Promise<T> {
  const common = {
    Name: name,
    Driver: 'bridge',
    CheckDuplicate: true,
    Options: SEPARATE,
    Labels: { [ADAPTER_LABEL]: label },
  }
  const { subnet } = subnetOf(await api.network(await api.createNetwork(common)))
  await api.removeNetwork(name)
  const config = { ...common, IPAM: { Config: [{ Subnet: subnet }] } }
  const { gateway } = subnetOf(await api.network(await api.createNetwork(config)))
  return make(subnet, gateway)
}

function subnetOf({ IPAM, Name }: InspectedNetwork): { readonly subnet: string; readonly gateway: string } {
  const found = (IPAM?.Config ?? []).find(({ Subnet }) => isIPv4(Subnet?.split('/')[0] ?? ''))
  if (found?.Subnet === undefined) throw new Fault('backend', `the network ${Name} has no subnet of IPv4`)
  // Where an engine does not give it, it is the first address of the subnet.
  const first = textOf(numberOf(found.Subnet.split('/')[0]!) + 1)
  const gateway = found.Gateway?.split('/')[0]
  return { subnet: found.Subnet, gateway: gateway === undefined || gateway === '' ? first : gateway }
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function textOf(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}
