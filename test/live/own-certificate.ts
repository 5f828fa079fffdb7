import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

/** Makes a certificate for this machine, and its key, in a folder; gives their paths. */
export function certificate(folder: string): { readonly cert: string; readonly key: string } {
  const paths = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  execFileSync('openssl', ['req', '-x509', ...made, ...names, '-keyout', paths.key, '-out', paths.cert], {
    stdio: 'pipe',
  })
  return paths
}
