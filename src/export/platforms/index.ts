import { registry, type Registry } from '../../core/registry.ts'
import type { Platform } from '../platform.ts'
import { alibabaFc } from './alibaba-fc.ts'
import { awsLambda } from './aws-lambda.ts'
import { azureContainerApps } from './azure-container-apps.ts'
import { azureFunctions } from './azure-functions.ts'
import { fission } from './fission.ts'
import { fn } from './fn.ts'
import { googleCloudRun } from './google-cloud-run.ts'
import { huaweiFunctiongraph } from './huawei-functiongraph.ts'
import { ibmCodeEngine } from './ibm-code-engine.ts'
import { keda } from './keda.ts'
import { knative } from './knative.ts'
import { nuclio } from './nuclio.ts'
import { openfaas } from './openfaas.ts'
import { openwhisk } from './openwhisk.ts'
import { pilotlight } from './pilotlight.ts'
import { tencentScf } from './tencent-scf.ts'

/** Every platform that a plan can be exported to. */
export const PLATFORMS: Registry<Platform> = registry<Platform>('platform', [
  awsLambda,
  azureFunctions,
  azureContainerApps,
  googleCloudRun,
  openwhisk,
  ibmCodeEngine,
  alibabaFc,
  huaweiFunctiongraph,
  tencentScf,
  fn,
  knative,
  keda,
  openfaas,
  fission,
  nuclio,
  pilotlight,
])
