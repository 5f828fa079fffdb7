import { registry } from '../../../core/registry.ts'
import type { ListedPrices } from '../listed-prices.ts'
import { alibabaFc } from './alibaba-fc.ts'
import { awsLambda } from './aws-lambda.ts'
import { azureFunctions } from './azure-functions.ts'
import { googleCloud } from './google.ts'
import { huaweiFunctiongraph } from './huawei-functiongraph.ts'
import { tencentScf } from './tencent-scf.ts'

/** The price tables of platforms, as far as their public lists could be found; a provider may have several. */
export const PRICES = registry<ListedPrices>(
  'price table',
  [awsLambda, azureFunctions, googleCloud, alibabaFc, huaweiFunctiongraph, tencentScf].flat(),
)
