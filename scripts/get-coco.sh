#!/usr/bin/env bash
# Downloads COCO's photos to use as negatives. Usage: scripts/get-coco.sh [val|train] [FOLDER]
#   val    val2017: 5,000 photos, 0.8 GB (enough to begin with; the default)
#   train  train2017: 118,287 photos, 19 GB
# An interrupted download is resumed. The photos are under Flickr's terms: see https://cocodataset.org/#termsofuse
set -euo pipefail

part=${1:-val}
folder=${2:-data/coco}
# COCO publishes no digests. TensorFlow Datasets checks its downloads of the same archives by these
# (tensorflow_datasets/url_checksums/coco.txt); other projects publish the same digests.
case $part in
  val) photos=5000 sha256=4f7e2ccb2866ec5041993c9cf2a952bbed69647b115d0f74da7ce8f4bef82f05 ;;
  train) photos=118287 sha256=69a8bb58ea5f8f99d24875f21416de2e9ded3178e903f1f7603e283b9e06d929 ;;
  *) echo "Usage: $0 [val|train] [FOLDER]" >&2; exit 1 ;;
esac

is_whole() {
  [ -f "$1" ] && [ "$({ sha256sum "$1" 2>/dev/null || shasum -a 256 "$1"; } | cut -c 1-64)" = "$sha256" ] # macOS has shasum
}

mkdir -p "$folder"
archive=$folder/${part}2017.zip
if ! is_whole "$archive"; then
  # http://images.cocodataset.org is an Amazon bucket without a certificate for that name; under Amazon's name the same bucket has one.
  curl --fail --location --proto =https --continue-at - --output "$archive" "https://s3.amazonaws.com/images.cocodataset.org/zips/${part}2017.zip"
  if ! is_whole "$archive"; then
    rm "$archive"
    echo "The download isn't COCO's ${part}2017.zip, because its SHA-256 differs. It was deleted; run this again." >&2
    exit 1
  fi
fi

unzip -q -n "$archive" -d "$folder"
count=$(find "$folder/${part}2017" -name '*.jpg' | wc -l)
if [ "$count" -ne "$photos" ]; then
  echo "There are $count photos in $folder/${part}2017, expected $photos. Is this another folder, or is the disk full? $archive is "
      + "kept." >&2
  exit 1
fi

rm "$archive"
echo "$photos photos in $folder/${part}2017"
echo "next: trainer train --normal <folder of your subject> --coco $folder/${part}2017"
