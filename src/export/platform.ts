import type { Described } from '../core/registry.ts'
import type { AppPlan, AppRules, Plan } from '../policy/plan/plan.ts'
import type { Maxima } from './apply/merged-document.ts'
import type { Change, Tool } from './apply/tool.ts'
import type { ExportFile } from './files/export-file.ts'
import type { PresentListing } from './files/listing.ts'
import type { FidelityNote } from './fit/fidelity.ts'
import type { Refusal } from './fit/refusal.ts'
import type { NameRule } from './files/name-rule.ts'

/** An app of a plan under the name that it is deployed by. */
export interface NamedApp extends AppPlan {
  readonly name: string
}

/** A plan ready to be written: every app has a name, every setting a value. */
export interface NamedPlan extends Omit<Plan, 'apps'> {
  readonly apps: readonly NamedApp[]
  readonly settings: Readonly<Record<string, string>>
  /** How instances served in the simulation; absent where one instance served everything. */
  readonly world?: ServingWorld
}

/** How instances serve, as models and live files say it. */
export interface ServingWorld {
  /** Which idle instance takes an arrival. */
  readonly reuse: 'newest' | 'oldest'
  /** Whether an arrival starts a new instance while one is loading, or joins that one. */
  readonly whileLoading: 'new' | 'join'
}

/** What a platform was given. */
export interface Written {
  readonly files: readonly ExportFile[]
  /** At least one for each app that is not refused. */
  readonly notes: readonly FidelityNote[]
  /** Apps for which nothing could be written; absent: none. */
  readonly refused?: readonly Refusal[]
  /** Objects of the platform that the files change, and how its own tool reads and sets them. */
  readonly changes: readonly Change[]
  readonly tool?: Tool
  /** What to know before anything is applied, a sentence each: rollouts, cold pods, quotas and cost. */
  readonly before?: readonly string[]
  /** What the user must do by hand, as shell lines with comments. */
  readonly byHand?: readonly string[]
  /** How to undo what is done by hand, a sentence. */
  readonly back?: string
}

/** What keeps an app warm on a platform, and how many invocations its instances serve at a time. */
export interface ServedRules extends AppRules {
  /** Invocations that one instance serves at a time; Infinity: any number. Absent: the default, or as the model has it. */
  readonly concurrency?: number
}

/** How the platform reads files: rules by deployed name. Apps that are not in it get the default. */
export type AppliedRules = ReadonlyMap<string, ServedRules>

/** A value besides names that a platform's files need. The mapping file may set it. */
export interface PlatformSetting {
  readonly describe: string
  readonly default: string
  readonly pattern: RegExp
}

/** Ids of listed price tables: for what is used on demand, and for instances that a floor holds. */
interface Tariff {
  readonly onDemand: string
  readonly held: string
}

/**
 * What a claim is about: what is set and its range; the platform's default, and when idle instances go; how
 * schedules are written, and what happens to instances when a level falls; how many requests an instance serves at a time.
 */
type Topic = 'keys' | 'default' | 'schedule' | 'requests'

/** Something that an export relies on. */
interface SourcedClaim {
  readonly about: Topic
  readonly says: string
}

/** A claim that was looked up. */
export interface Source extends SourcedClaim {
  /** A package with its version, a repository, its file and perhaps its commit, or a vendor's page and its section. */
  readonly at: string
  /** The day on which it was read; the month is enough beside a version, which stays what it is. */
  readonly read: string
}

/** A source in words. */
export function sourceText({ says, at, read }: Source): string {
  return `${says}: ${at} (read ${read})`
}

/** A platform that a plan can be exported to. */
export interface Platform extends Described {
  /** Its name as people write it. */
  readonly title: string
  /** What the files set. */
  readonly sets: string
  /** What the platform does not have. */
  readonly lacks: string
  /** Where what is written and simulated comes from. */
  readonly sources: readonly Source[]
  /** What no source was found for. */
  readonly assumed: readonly SourcedClaim[]
  readonly names: NameRule
  readonly settings: Readonly<Record<string, PlatformSetting>>
  /** How its present objects are read, for `--present`; or a sentence that says why they cannot be. */
  readonly present: PresentListing | string
  /** What its scaler does with instances when the level of a schedule falls, in a sentence; absent where there are no schedules. */
  readonly afterFall?: string
  /** What an instance belongs to, where that is not an app. */
  readonly unit?: 'function'
  /** Maxima of instances in its objects. They are raised and never lowered. */
  readonly maxima?: Maxima
  /** Present where requests beyond an instance's concurrency go to running ones, so that they are not cold. */
  readonly sharesRunning?: true
  /** Present where its price list is known: what is charged on demand, and for what a floor holds. */
  readonly tariff?: Tariff | ((settings: Readonly<Record<string, string>>) => Tariff | undefined)
  /** Present where the platform has no windows per app and takes a floor in their place. */
  readonly schedule?: {
    /** The most changes of an app's floor that it accepts. */
    readonly mostChanges: number
  }
  /** What it does with an app for which nothing is written, and where that was read; see docs/export.md. */
  readonly byDefault: ServedRules & { readonly from: string }
  /** Another default under other settings than its own; undefined where it is the same. */
  defaultUnder?(settings: Readonly<Record<string, string>>): Platform['byDefault'] | undefined
  /** Writes a plan. An app for which nothing can be written is refused; the others are written. */
  write(plan: NamedPlan): Written
  /** The policy that the files name, where the platform runs policies themselves; values as an experiment spells them. */
  readPolicy?(
    files: readonly ExportFile[],
  ): { readonly id: string; readonly params: Readonly<Record<string, unknown>> } | undefined
  /** Reads the files of {@link write} as the platform does, with its rules of rounding, lead time and retention. */
  read(files: readonly ExportFile[], plan: Pick<NamedPlan, 'settings' | 'timeZone'>): AppliedRules
}
