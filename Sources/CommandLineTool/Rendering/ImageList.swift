import UseCases

/// A list of images that is printed while it is read.
protocol ImageList: AnyObject {
    /// Prints what stands before the list.
    func begin()
    /// Prints a page of it.
    func add(_ images: [ImageListing])
    /// Prints what stands behind it.
    func end()
}
