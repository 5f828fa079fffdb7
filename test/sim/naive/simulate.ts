import type { Policy } from '../../../src/policy/policy.ts'
import { findRoom, type Reach } from './nodes.ts'
import { NaiveRemains } from './remains.ts'
import {
  NAIVE_ACCOUNTS,
  type NaiveAccount,
  type NaiveArrival,
  type NaiveResult,
  type NaiveScenario,
} from './scenario.ts'

type Reason = 'first' | 'expired' | 'early' | 'evicted' | 'scaleOut'

interface Instance {
  readonly app: number
  readonly size: number
  readonly bornAt: number
  readonly readyAt: number
  isPrewarmed: boolean
  state: 'loading' | 'busy' | 'idle'
  /** When its state began, for the accounts. */
  since: number
  /** Invocations that run on it, or wait for its load. */
  taken: number
  /** Those that wait for its load. */
  waiting: { readonly fn: number; readonly takes: number; readonly at: number }[]
  /** Whether it loads beside the line of its app. */
  isBeside: boolean
  /** How long its load takes, and from which stage it began; null: from none. */
  loadMs: number
  stage: number | null
  hasServed: boolean
  /** When its window began: as it became idle, or first did where windows do not renew. */
  windowFrom: number
  /** When it goes, where it has an end of its own. */
  until: number
  node: number
  idleSerial: number
  isIdle: boolean
}

interface App {
  readonly number: number
  /** Invocations that run or wait. */
  outstanding: number
  wasLoaded: boolean
  wasEvicted: boolean
  idleAt: number | null
  /** Both windows of the latest answer together. */
  windowMs: number | null
  lastMs: number | null
  prewarmAt: number
  prewarmKeepMs: number
  /** When all idle instances go, whenever they became idle. */
  allGoAt: number | null
  floor: number
  floorAt: number
  askAt: number
  /** Idle instances by the beginning of their windows. */
  idle: Instance[]
  /** Who waits for an instance of the app, first come first. */
  line: Waiter[]
  /** Busy instances with room, the one first that had room last; and loads that may be joined, the latest first. */
  withRoom: Instance[]
  loads: Instance[]
}

interface Waiter {
  readonly app: App
  readonly arrival: NaiveArrival
  readonly reason: Reason
}

interface Event {
  readonly at: number
  /** 0 finish, 1 load, 2 what begins by the clock, 3 arrive, 4 unload, 5 the limit of the line. */
  readonly rank: number
  /** At one time and rank: the order in which they were scheduled. */
  readonly serial: number
  readonly app: number
  happen(): void
}

const NEVER = Number.POSITIVE_INFINITY

/**
 * Simulates the model of docs/model.md and docs/cluster.md by looking, before every event, at everything that could be
 * next. It shares no code with the engine and keeps nothing for speed.
 */
export function simulateNaively(scenario: NaiveScenario): NaiveResult {
  return new NaiveSimulation(scenario).run()
}

class NaiveSimulation {
  private readonly scenario: NaiveScenario
  private readonly policy: Policy
  private readonly apps: App[]
  private readonly accounts: Record<NaiveAccount, number>[]
  private readonly residences: { app: number; from: number; to: number; share: number }[] = []
  private readonly remains: NaiveRemains
  private readonly served: { app: number; waited: number; loading: number; takes: number }[] = []
  private instances: Instance[] = []
  private readonly ends: {
    at: number
    serial: number
    instance: Instance
    fn: number
    waited: number
    takes: number
  }[] = []
  private line: Waiter[] = []
  private short: App[] = []
  private readonly turn = { next: 0 }
  private now = 0
  private serial = 0
  private isServingLine = false
  private isRefilling = false
  private isAmbiguous = false

  constructor(scenario: NaiveScenario) {
    this.scenario = scenario
    this.apps = Array.from({ length: scenario.apps }, (_, number) => ({
      number,
      outstanding: 0,
      wasLoaded: false,
      wasEvicted: false,
      idleAt: null,
      windowMs: null,
      lastMs: null,
      prewarmAt: NEVER,
      prewarmKeepMs: 0,
      allGoAt: null,
      floor: 0,
      floorAt: NEVER,
      askAt: NEVER,
      idle: [],
      line: [],
      withRoom: [],
      loads: [],
    }))
    this.accounts = this.apps.map(
      () => Object.fromEntries(NAIVE_ACCOUNTS.map((account) => [account, 0])) as Record<NaiveAccount, number>,
    )
    this.policy = scenario.policy((app, at) => {
      if (at < scenario.end) this.apps[app]!.askAt = Math.min(this.apps[app]!.askAt, at)
    })
    this.remains = new NaiveRemains(scenario, this.policy, ({ app, from, to, share }) => {
      const { from: since } = scenario
      const ms = share * Math.max(0, to - Math.max(from, since))
      this.accounts[app]!.idleMs += ms
      this.accounts[app]!.cooledMs += ms
      this.residences.push({ app, from, to, share })
    })
    if (this.policy.floor !== undefined) for (const app of this.apps) app.floorAt = 0
  }

  run(): NaiveResult {
    const { arrivals, end, expires } = this.scenario
    const coming = [...arrivals]
    if (this.scenario.warmAtStart) for (const app of this.apps) this.beginWarm(app)
    for (;;) {
      const events = this.possible(coming)
      const next = events.toSorted((a, b) => a.at - b.at || a.rank - b.rank || a.serial - b.serial)[0]
      if (next === undefined || (!expires && next.at > end)) break
      if (next.rank === 5 && next.at >= end && !expires) break
      this.isAmbiguous ||=
        (this.scenario.cluster !== null || this.remains.isShared) &&
        (next.rank === 2 || next.rank === 4) &&
        events.some(({ at, rank, app }) => at === next.at && rank === next.rank && app !== next.app)
      this.now = next.at
      next.happen()
      this.serveLine()
      this.refill()
    }
    this.close()
    const { accounts, residences, served, isAmbiguous } = this
    return { accounts, residences, served, isAmbiguous }
  }

  /** An instance from before the trace, where a node has room: no load, no pre-warm, and no idle time that anybody knows. */
  private beginWarm(app: App): void {
    const { cluster, size } = this.scenario
    const load = { app: app.number, size: size[app.number]! }
    const found = cluster === null ? { node: 0 } : findRoom(cluster, this.instances, load, 'evicts nobody', this.turn)
    if (found === undefined) return
    this.serial += 1
    const instance: Instance = {
      ...load,
      bornAt: 0,
      readyAt: 0,
      isPrewarmed: false,
      state: 'idle',
      since: 0,
      taken: 0,
      waiting: [],
      isBeside: false,
      loadMs: 0,
      stage: null,
      hasServed: true,
      windowFrom: 0,
      until: NEVER,
      node: found.node,
      idleSerial: this.serial,
      isIdle: true,
    }
    this.instances.push(instance)
    app.idle.push(instance)
    app.wasLoaded = true
    const { prewarmMs, keepAliveMs } = this.ask(app)
    if (prewarmMs > 0) {
      instance.until = 0
      this.plan(app, prewarmMs, keepAliveMs)
    } else {
      instance.until = keepAliveMs
      app.allGoAt = keepAliveMs
    }
  }

  private possible(coming: NaiveArrival[]): Event[] {
    const events: Event[] = []
    const add = (at: number, rank: number, serial: number, app: number, happen: () => void): void => {
      if (at < NEVER) events.push({ at: Math.max(at, this.now), rank, serial, app, happen })
    }
    for (const end of this.ends)
      add(end.at, 0, end.serial, end.instance.app, () => {
        this.ends.splice(this.ends.indexOf(end), 1)
        this.finish(end.instance, end)
      })
    for (const instance of this.instances)
      if (instance.state === 'loading')
        add(instance.readyAt, 1, instance.idleSerial, instance.app, () => this.ready(instance))
    for (const app of this.apps) {
      const { askAt, floorAt, prewarmAt } = app
      if (askAt <= floorAt && askAt <= prewarmAt) add(askAt, 2, 0, app.number, () => this.askAgain(app))
      else if (floorAt <= prewarmAt) add(floorAt, 2, 0, app.number, () => this.changeFloor(app))
      else add(prewarmAt, 2, 0, app.number, () => this.prewarm(app))
      const going = this.nextToGo(app)
      if (going !== undefined)
        add(going.at, 4, 0, app.number, () => {
          this.unload(going.instance, false)
          this.remains.cool(going.instance, this.now)
        })
    }
    const [arrival] = coming
    if (arrival !== undefined)
      add(arrival.at, 3, 0, arrival.app, () => {
        coming.shift()
        this.arrive(arrival)
      })
    const [waiter] = this.line
    if (waiter !== undefined)
      add(waiter.arrival.at + this.scenario.cluster!.queueLimit, 5, 0, -1, () => this.drop(this.leaveLine()))
    return events
  }

  /** Which idle instance of the app goes next by the clock, and when. */
  private nextToGo(app: App): { at: number; instance: Instance } | undefined {
    const first = this.keepsEach ? app.idle.toSorted((a, b) => a.until - b.until)[0] : app.idle[0]
    const alive = this.alive(app)
    if (first === undefined || alive <= app.floor) return undefined
    let at = this.endOf(app, first)
    if (app.lastMs !== null && alive === 1) at = Math.max(at, (app.idleAt ?? first.windowFrom) + app.lastMs)
    return { at, instance: first }
  }

  private endOf(app: App, instance: Instance): number {
    if (this.keepsEach) return instance.until
    return app.allGoAt ?? instance.windowFrom + app.windowMs!
  }

  private get keepsEach(): boolean {
    return this.policy.keepIdleMs !== undefined
  }

  private alive(app: App): number {
    return this.instances.filter((instance) => instance.app === app.number).length
  }

  private inUse(app: App): number {
    return this.instances.filter((instance) => instance.app === app.number && instance.taken > 0).length
  }

  // Arrivals.

  private arrive(arrival: NaiveArrival): void {
    const app = this.apps[arrival.app]!
    const idleMs = app.outstanding === 0 && app.idleAt !== null ? this.now - app.idleAt : -1
    this.policy.arrived(app.number, this.now, idleMs, arrival.fn)
    this.count(app, 'invocations')
    app.outstanding += 1
    const waiter = { app, arrival, reason: this.reasonOf(app) }
    if (this.line.some((each) => each.app === app)) this.line.push(waiter)
    else if (!this.serve(waiter, true)) this.refuse(waiter)
  }

  private reasonOf(app: App): Reason {
    if (app.outstanding > 1) return 'scaleOut'
    if (!app.wasLoaded) return 'first'
    const isPrewarming = this.instances.some(
      ({ app: of, state, taken }) => of === app.number && state === 'loading' && taken === 0,
    )
    if (app.prewarmAt < NEVER || isPrewarming) return 'early'
    return app.wasEvicted ? 'evicted' : 'expired'
  }

  /** Serves an invocation if that can be. */
  private serve(waiter: Waiter, hasJustCome = false): boolean {
    const { app, arrival, reason } = waiter
    const { fn, takes, at } = arrival
    const waited = this.now - at
    const isCounted = at >= this.scenario.from
    const busy = app.withRoom[0]
    if (busy !== undefined) {
      busy.taken += 1
      if (busy.taken === this.scenario.concurrency) app.withRoom.shift()
      this.begin(busy, fn, takes, waited)
      if (isCounted) this.served.push({ app: app.number, waited, loading: 0, takes })
      return true
    }
    const idle = this.scenario.takesOldest ? app.idle[0] : app.idle.at(-1)
    if (idle !== undefined) {
      this.cancelWindows(app)
      this.leaveIdle(app, idle)
      this.enter(idle, 'busy')
      idle.taken = 1
      idle.hasServed = true
      if (this.scenario.concurrency > 1) app.withRoom.unshift(idle)
      this.policy.rose?.(app.number, this.now, this.inUse(app))
      this.begin(idle, fn, takes, waited)
      if (isCounted) this.served.push({ app: app.number, waited, loading: 0, takes })
      return true
    }
    this.cancelWindows(app)
    const [joined] = app.loads
    if (joined !== undefined) {
      joined.taken += 1
      joined.waiting.push({ fn, takes, at })
      joined.hasServed = true
      if (joined.taken === this.scenario.concurrency) app.loads.shift()
      if (joined.taken === 1) this.policy.rose?.(app.number, this.now, this.inUse(app))
      if (isCounted) {
        this.count(app, 'joined')
        this.served.push({ app: app.number, waited, loading: joined.readyAt - this.now, takes })
      }
      return true
    }
    if (hasJustCome && this.policy.whenBusy !== undefined && this.alive(app) > 0) {
      const answer = this.policy.whenBusy(app.number, this.now, this.alive(app), app.outstanding)
      if (answer !== 'load') {
        app.line.push(waiter)
        if (answer === 'both') this.load(app, 'evicts', 'the line')
        return true
      }
    }
    const loaded = this.load(app, 'evicts', { fn, takes, at })
    if (loaded === undefined) return false
    if (isCounted) {
      this.count(app, 'coldStarts')
      this.count(app, reason)
      this.served.push({ app: app.number, waited, loading: loaded.loadMs, takes })
      this.countPartial(loaded)
    }
    return true
  }

  private countPartial({ app, stage, loadMs }: Instance): void {
    if (stage === null) return
    this.accounts[app]![stage === 0 ? 'fromStage1' : 'fromStage2'] += 1
    this.accounts[app]![stage === 0 ? 'loadMs1' : 'loadMs2'] += loadMs
  }

  /** The first in the app's line begins on an instance: one that worked before, or whose load has just ended. */
  private takeFirst(app: App, instance: Instance, how: 'worked' | 'beside' | 'loaded'): void {
    const { arrival, reason } = app.line.shift()!
    const { fn, takes, at } = arrival
    if (at >= this.scenario.from) {
      const row = this.accounts[app.number]!
      const waited = how === 'worked' ? this.now - at : Math.max(0, instance.bornAt - at)
      if (waited > 0) row.waits += 1
      row.waitingMs += waited
      this.served.push({ app: app.number, waited, loading: this.now - at - waited, takes })
      if (how === 'loaded') row.joined += 1
      if (how === 'beside') {
        row.coldStarts += 1
        row[reason] += 1
        this.countPartial(instance)
      }
    }
    this.begin(instance, fn, takes, this.now - at)
  }

  private refuse(waiter: Waiter): void {
    if (this.scenario.cluster!.queues) this.line.push(waiter)
    else this.drop(waiter)
  }

  private drop({ app, arrival }: Waiter): void {
    if (arrival.at >= this.scenario.from) this.count(app, 'drops')
    app.outstanding -= 1
    if (app.outstanding > 0) return
    if (app.idle.length === 0) app.idleAt = null
    else this.goIdle(app)
  }

  private begin(instance: Instance, fn: number, takes: number, waited: number): void {
    this.serial += 1
    this.ends.push({ at: this.now + takes, serial: this.serial, instance, fn, waited, takes })
  }

  private cancelWindows(app: App): void {
    app.prewarmAt = NEVER
    app.allGoAt = null
  }

  // Loads and their ends.

  private load(
    app: App,
    reach: Reach,
    whom?: { fn: number; takes: number; at: number } | 'the line',
  ): Instance | undefined {
    const waiting = whom === 'the line' ? undefined : whom
    const { cluster, size, loadMs, joins, concurrency } = this.scenario
    let node = 0
    if (cluster !== null) {
      const mayLoad = (this.line.length === 0 || this.isServingLine) && (reach !== 'evicts nobody' || this.isRefilling)
      const load = { app: app.number, size: size[app.number]! }
      const found = mayLoad ? findRoom(cluster, this.instances, load, reach, this.turn) : undefined
      if (found === undefined) {
        this.noteShort(app)
        return undefined
      }
      node = found.node
      for (const victim of found.victims) this.unload(victim as Instance, true)
    }
    this.serial += 1
    const loadingMs = this.remains.begin(app.number, node, this.now, this.instances, loadMs[app.number]!)
    const instance: Instance = {
      app: app.number,
      size: size[app.number]!,
      bornAt: this.now,
      readyAt: this.now + loadingMs,
      isPrewarmed: whom === undefined,
      isBeside: whom === 'the line',
      loadMs: loadingMs,
      stage: this.remains.latestStage,
      state: 'loading',
      since: this.now,
      taken: waiting === undefined ? 0 : 1,
      waiting: waiting === undefined ? [] : [waiting],
      hasServed: false,
      windowFrom: -1,
      until: NEVER,
      node,
      idleSerial: this.serial,
      isIdle: false,
    }
    this.instances.push(instance)
    app.wasLoaded = true
    this.count(app, 'loads')
    if (whom === undefined) this.count(app, 'prewarms')
    if (waiting !== undefined) this.policy.rose?.(app.number, this.now, this.inUse(app))
    if (joins && whom !== 'the line' && instance.taken < concurrency) app.loads.unshift(instance)
    if (instance.readyAt === this.now) this.ready(instance)
    return instance
  }

  private ready(instance: Instance): void {
    const app = this.apps[instance.app]!
    if (app.loads.includes(instance)) app.loads.splice(app.loads.indexOf(instance), 1)
    const { isBeside } = instance
    instance.isBeside = false
    if (instance.taken > 0 || app.line.length > 0) {
      this.enter(instance, 'busy')
      instance.hasServed = true
      let how: 'beside' | 'loaded' = isBeside ? 'beside' : 'loaded'
      if (instance.taken === 0) {
        instance.taken = 1
        this.policy.rose?.(app.number, this.now, this.inUse(app))
        this.takeFirst(app, instance, how)
        how = 'loaded'
      }
      while (app.line.length > 0 && instance.taken < this.scenario.concurrency) {
        instance.taken += 1
        this.takeFirst(app, instance, how)
      }
      if (instance.taken < this.scenario.concurrency) app.withRoom.unshift(instance)
      for (const { fn, takes, at } of instance.waiting.splice(0)) this.begin(instance, fn, takes, this.now - at)
      return
    }
    if (isBeside && instance.bornAt >= this.scenario.from) {
      this.count(app, 'prewarms')
      instance.isPrewarmed = true
    }
    this.becomeIdle(app, instance)
    if (this.keepsEach && app.allGoAt !== null) instance.until = app.allGoAt
    else this.giveEnd(app, instance)
  }

  private finish(instance: Instance, { fn, waited, takes }: { fn: number; waited: number; takes: number }): void {
    const app = this.apps[instance.app]!
    const tell = (): void => {
      this.policy.finished?.(app.number, this.now, fn)
      this.policy.answered?.(app.number, this.now, waited, takes)
    }
    if (app.line.length > 0) {
      tell()
      app.outstanding -= 1
      this.takeFirst(app, instance, 'worked')
      return
    }
    instance.taken -= 1
    if (instance.taken > 0) {
      if (instance.taken === this.scenario.concurrency - 1) app.withRoom.unshift(instance)
      app.outstanding -= 1
      tell()
      return
    }
    if (app.withRoom.includes(instance)) app.withRoom.splice(app.withRoom.indexOf(instance), 1)
    this.becomeIdle(app, instance)
    tell()
    app.outstanding -= 1
    if (app.outstanding === 0) this.goIdle(app)
    else this.giveEnd(app, instance)
  }

  private becomeIdle(app: App, instance: Instance): void {
    this.enter(instance, 'idle')
    if (instance.windowFrom < 0 || this.scenario.renews) instance.windowFrom = this.now
    const after = app.idle.findIndex(({ windowFrom }) => windowFrom > instance.windowFrom)
    app.idle.splice(after < 0 ? app.idle.length : after, 0, instance)
    this.serial += 1
    instance.idleSerial = this.serial
    instance.isIdle = true
  }

  private leaveIdle(app: App, instance: Instance): void {
    app.idle.splice(app.idle.indexOf(instance), 1)
    instance.isIdle = false
  }

  // Windows.

  /** An instance became idle and its app did not go idle. */
  private giveEnd(app: App, instance: Instance): void {
    const inUse = this.inUse(app)
    if (this.keepsEach && inUse > 0) {
      instance.until = this.now + this.policy.keepIdleMs!(app.number, this.now, inUse)
      return
    }
    if (app.windowMs === null) this.ask(app)
    instance.until = this.now + app.windowMs!
  }

  private ask(app: App): { prewarmMs: number; keepAliveMs: number } {
    const out = { prewarmMs: Number.NaN, keepAliveMs: Number.NaN }
    this.policy.decide(app.number, this.now, out)
    app.windowMs = out.prewarmMs + out.keepAliveMs
    if (this.policy.lastKeepAliveMs !== undefined) app.lastMs = this.policy.lastKeepAliveMs(app.number, this.now)
    return out
  }

  private goIdle(app: App): void {
    app.idleAt = this.now
    const { prewarmMs, keepAliveMs } = this.ask(app)
    const last = app.idle.toSorted((a, b) => a.idleSerial - b.idleSerial).at(-1)!
    if (this.now + prewarmMs === this.now) last.until = this.now + app.windowMs!
    else {
      last.until = this.now
      this.plan(app, prewarmMs, keepAliveMs)
    }
  }

  private plan(app: App, prewarmMs: number, keepAliveMs: number): void {
    app.allGoAt = this.now
    app.prewarmAt = this.now + prewarmMs
    app.prewarmKeepMs = keepAliveMs
  }

  private askAgain(app: App): void {
    app.askAt = NEVER
    if (this.policy.floor !== undefined) this.changeFloor(app)
    if (app.outstanding > 0) return
    app.prewarmAt = NEVER
    const { prewarmMs, keepAliveMs } = this.ask(app)
    const last = app.idle.toSorted((a, b) => a.idleSerial - b.idleSerial).at(-1)
    if (this.now + prewarmMs !== this.now) {
      if (last !== undefined) last.until = this.now
      this.plan(app, prewarmMs, keepAliveMs)
      return
    }
    app.allGoAt = this.now + keepAliveMs
    if (last !== undefined) last.until = this.now + keepAliveMs
    if (this.alive(app) === 0) this.preload(app)
  }

  private prewarm(app: App): void {
    app.prewarmAt = NEVER
    app.allGoAt = this.now + app.prewarmKeepMs
    if (this.alive(app) > 0 && this.alive(app) <= app.floor) return
    this.preload(app)
  }

  private preload(app: App): void {
    if (this.load(app, 'evicts') !== undefined) return
    app.allGoAt = null
    app.wasEvicted = true
  }

  private changeFloor(app: App): void {
    const { end } = this.scenario
    const before = app.floor
    const out = { instances: 0, untilMs: NEVER }
    if (this.now < end) this.policy.floor!(app.number, this.now, out)
    app.floor = out.instances
    app.floorAt = this.now < end ? Math.min(out.untilMs, end) : NEVER
    const reach = app.floor > before ? 'spares its own app' : 'evicts nobody'
    while (this.alive(app) < app.floor && this.load(app, reach) !== undefined);
  }

  private unload(instance: Instance, isEvicted: boolean): void {
    const app = this.apps[instance.app]!
    this.leaveIdle(app, instance)
    if (isEvicted) this.count(app, 'evictions')
    app.wasEvicted = isEvicted
    this.release(instance, this.now)
    if (isEvicted) this.noteShort(app)
  }

  private release(instance: Instance, at: number): void {
    this.account(instance, at)
    this.instances = this.instances.filter((each) => each !== instance)
    this.residences.push({ app: instance.app, from: instance.bornAt, to: at, share: 1 })
    const { from } = this.scenario
    if (instance.isPrewarmed && !instance.hasServed && instance.bornAt >= from)
      this.accounts[instance.app]!.prewarmsUnused += 1
  }

  // The line, and apps that miss some of their floor.

  private leaveLine(): Waiter {
    const waiter = this.line.shift()!
    const { app, arrival } = waiter
    if (arrival.at >= this.scenario.from) {
      this.accounts[app.number]!.waits += 1
      this.accounts[app.number]!.waitingMs += this.now - arrival.at
    }
    return waiter
  }

  private serveLine(): void {
    this.isServingLine = true
    while (this.line.length > 0 && this.serve(this.line[0]!)) this.leaveLine()
    this.isServingLine = false
  }

  private noteShort(app: App): void {
    if (this.alive(app) < app.floor && !this.short.includes(app)) this.short.push(app)
  }

  private refill(): void {
    const isMissing = (app: App): boolean => this.alive(app) < app.floor
    this.short = this.short.filter(isMissing)
    if (this.line.length > 0) return
    this.isRefilling = true
    for (const app of this.short.slice()) {
      while (isMissing(app) && this.load(app, 'evicts nobody') !== undefined);
      if (isMissing(app)) break
    }
    this.isRefilling = false
    this.short = this.short.filter(isMissing)
  }

  // Accounts.

  private count(app: App, account: NaiveAccount): void {
    if (this.now >= this.scenario.from) this.accounts[app.number]![account] += 1
  }

  private enter(instance: Instance, state: Instance['state']): void {
    this.account(instance, this.now)
    instance.state = state
    instance.since = this.now
  }

  private account({ app, state, since }: Instance, at: number): void {
    const { from } = this.scenario
    this.accounts[app]![`${state}Ms`] += Math.max(0, at - Math.max(since, from))
  }

  private close(): void {
    const { end } = this.scenario
    this.now = Math.max(this.now, end)
    while (this.line.length > 0) this.drop(this.leaveLine())
    for (const app of this.apps)
      for (const { arrival } of app.line.splice(0))
        if (arrival.at >= this.scenario.from) {
          const row = this.accounts[app.number]!
          row.waits += 1
          row.waitingMs += end - arrival.at
          row.drops += 1
        }
    for (const instance of this.instances.slice()) this.release(instance, Math.max(end, instance.since))
    this.remains.close()
  }
}
