import type { MappingPreset } from '../mapping-preset.ts'
import { alb } from './alb.ts'
import { alibabaFaasnet } from './alibaba-faasnet.ts'
import { appInsights } from './app-insights.ts'
import { cloudFunctions } from './cloud-functions.ts'
import { cloudRun } from './cloud-run.ts'
import { cloudfront } from './cloudfront.ts'
import { combined } from './combined.ts'
import { countTable } from './count-table.ts'
import { envoy } from './envoy.ts'
import { globus } from './globus.ts'
import { huawei2023 } from './huawei-2023.ts'
import { huawei2025 } from './huawei-2025.ts'
import { ibmCodeEngine } from './ibm-code-engine.ts'
import { knativeRequests } from './knative-requests.ts'
import { lambdaReport } from './lambda-report.ts'
import { openwhiskActivations } from './openwhisk-activations.ts'
import { oracleGeneral } from './oracle-general.ts'

/** Named mappings of what many people have, in the order in which they are tried. */
export const PRESETS: readonly MappingPreset[] = [
  lambdaReport,
  openwhiskActivations,
  huawei2023,
  huawei2025,
  ibmCodeEngine,
  envoy,
  alb,
  cloudfront,
  combined,
  cloudFunctions,
  cloudRun,
  knativeRequests,
  appInsights,
  alibabaFaasnet,
  globus,
  oracleGeneral,
  countTable,
]
