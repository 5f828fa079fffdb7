/** The owner in an app's name: what stands before its first "/"; apps without one are all of one owner. */
export function ownerIn(name: string): string {
  const slash = name.indexOf('/')
  return slash < 0 ? '' : name.slice(0, slash)
}
