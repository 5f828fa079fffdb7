// An unmodified @fnproject/fdk: contract fn.
import fdk from '@fnproject/fdk'
import { behave } from './behaviour.mjs'

fdk.handle((input) => behave(typeof input === 'object' ? input : {}))
