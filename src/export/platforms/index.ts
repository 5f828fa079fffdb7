import { registry, type Registry } from '../../core/registry.ts'
import type { Platform } from '../platform.ts'
import { alibabaFc } from './alibaba-fc.ts'
import { awsLambda } from './aws-lambda.ts'
import { azureContainerApps } from './azure-container-apps.ts'
import { azureFunctions } from './azure-functions.ts'
import { beam } from './beam.ts'
import { bentocloud } from './bentocloud.ts'
import { cloudflareContainers } from './cloudflare-containers.ts'
import { fission } from './fission.ts'
import { fly } from './fly.ts'
import { fn } from './fn.ts'
import { googleCloudRun } from './google-cloud-run.ts'
import { huaweiFunctiongraph } from './huawei-functiongraph.ts'
import { huggingFace } from './hugging-face.ts'
import { ibmCodeEngine } from './ibm-code-engine.ts'
import { keda } from './keda.ts'
import { knative } from './knative.ts'
import { koyeb } from './koyeb.ts'
import { kserve } from './kserve.ts'
import { lambdaManagedInstances } from './lambda-managed-instances.ts'
import { modal } from './modal.ts'
import { nuclio } from './nuclio.ts'
import { openfaas } from './openfaas.ts'
import { openshiftServerless } from './openshift-serverless.ts'
import { openwhisk } from './openwhisk.ts'
import { pilotlight } from './pilotlight.ts'
import { runpod } from './runpod.ts'
import { scaleway } from './scaleway.ts'
import { slimfaas } from './slimfaas.ts'
import { tencentScf } from './tencent-scf.ts'
import { vertexAi } from './vertex-ai.ts'

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
  modal,
  slimfaas,
  kserve,
  runpod,
  cloudflareContainers,
  koyeb,
  huggingFace,
  bentocloud,
  beam,
  vertexAi,
  lambdaManagedInstances,
  fly,
  scaleway,
  openshiftServerless,
  pilotlight,
])
