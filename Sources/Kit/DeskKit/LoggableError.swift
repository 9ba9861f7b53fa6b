/// An error whose description never holds data of the rows or people it is about, so that it may stand in a log. Of any
/// other error only the type is logged.
package protocol LoggableError: Error, CustomStringConvertible {}
